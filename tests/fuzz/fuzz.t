#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs every fuzzer for FUZZ_SECONDS (20), two at a time; a crash is kept under build/fuzz/.
set -u
cd "$(dirname "$0")/../.." || exit 1
seconds=${FUZZ_SECONDS:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fuzz() {
	local name=$1
	mkdir -p "$work/$name.corpus"
	"build/fuzz/$name" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="build/fuzz/$name." "$work/$name.corpus" >"$work/$name.log" 2>&1
	echo $? >"$work/$name.status"
}

mapfile -t names < <(for source in tests/fuzz/*.c; do basename "$source" .c; done)
for name in "${names[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
	fuzz "$name" &
done
wait

count=0 failed=0
for name in "${names[@]}"; do
	count=$((count + 1))
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log")
	if [ "$(cat "$work/$name.status")" = 0 ] && [ "${runs:-0}" -gt 1000 ]; then
		echo "ok $count - $name: $runs inputs in $seconds s"
	else
		echo "not ok $count - $name"
		tail -n 40 "$work/$name.log" | sed 's/^/# /'
		failed=1
	fi
done
echo "1..$count"
exit $failed
