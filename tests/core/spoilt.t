#!/bin/bash
# SPDX-License-Identifier: MIT
# Every case with published answers fails when the answers are spoilt.
cd "$(dirname "$0")/../.." || exit 1
results=$(build/asan/core/cases --spoilt 2>/dev/null)
status=$?
names=$(sed -n 's/^\(not \)\?ok [0-9]* - //p' <<<"$results")
failed=$(grep -c '^not ok ' <<<"$results")

echo 1..2
[ "$status" -ne 0 ] || echo -n "not "
echo "ok 1 - a failed case fails the program"
[ -n "$names" ] && [ "$failed" -eq "$(wc -l <<<"$names")" ] || echo -n "not "
echo "ok 2 - $failed cases with vectors notice wrong ones"
