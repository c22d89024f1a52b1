#!/bin/bash
# SPDX-License-Identifier: MIT
# The table in docs/recovery.md is the one in the code.
cd "$(dirname "$0")/../.." || exit 1
echo 1..1
shown=$(sed -n '/<!-- table -->/,/<!-- end -->/{/<!--/d;p}' docs/recovery.md)
if changes=$(diff <(echo "$shown") <(build/asan/unit/recovery_table)); then
	echo "ok 1 - docs/recovery.md shows the state machine as it is"
else
	echo "not ok 1 - docs/recovery.md shows another state machine"
	while read -r line; do echo "# $line"; done <<<"$changes"
	exit 1
fi
