#!/bin/bash
# SPDX-License-Identifier: MIT
# The unit tests reach nearly all of the core.
cd "$(dirname "$0")/../.." || exit 1
echo 1..1
table=$(tests/unit/coverage 2>&1)
status=$?
[ $status -eq 0 ] || echo -n "not "
echo "ok 1 - the tests reach at least 95 % of the core's lines and branches"
while read -r line; do echo "# $line"; done <<<"$table"
exit $status
