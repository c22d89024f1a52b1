#!/bin/bash
# SPDX-License-Identifier: MIT
# What the core may cost in instructions and memory. Nothing here depends on time.
cd "$(dirname "$0")/../.." || exit 1
number=0

# at_most LIMIT WHAT LINES: the figure WHAT is there, is more than 0, and is LIMIT at most
at_most() {
	local value
	number=$((number + 1))
	value=$(awk -F '\t' -v what="$2" '$1 == what { print $2 }' <<<"$3")
	awk -v value="${value:-0}" -v limit="$1" 'BEGIN { exit !(value > 0 && value <= limit) }' ||
		echo -n "not "
	echo "ok $number - $2: ${value:-no figure}, at most $1"
}

skip() {
	number=$((number + 1))
	echo "ok $number - $1 # skip no valgrind to count with"
}

noises=(uniform stuck)
echo 1..6
sizes=$(build/bench/core sizes)
at_most 5120 "core generator, with its block" "$sizes"
at_most 512 "core generator, without its block" "$sizes"
command -v valgrind >/dev/null && counts=$(tests/bench/instructions)
for noise in "${noises[@]}"; do
	for what in "bytes" "bytes and bits"; do
		case ${counts:-} in
		"") skip "health tests on $what, $noise" ;;
		*) at_most 100 "health tests on $what, $noise" "$counts" ;;
		esac
	done
done
[ "$number" -eq 6 ]
