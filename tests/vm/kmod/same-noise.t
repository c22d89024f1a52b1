#!/bin/sh
# SPDX-License-Identifier: MIT
# Two boots whose cards make the very same noise must not give the same output: the kernel's own
# randomness is in each seed. (That the emulator repeats itself is test-emu's to prove.)
here=$(dirname "$0")
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
failed=0
for boot in 1 2; do
	"$here/../run" --kernel 6.1 --card "--speed 0.1 --noise seed:20111" "$here/same-noise.sh" >"$log/$boot"
	status=$?
	sed 's/^/# /' "$log/$boot"
	if [ $status -eq 0 ] && grep -q '^# seed bytes [1-9]' "$log/$boot"; then
		echo "ok $boot - boot $boot gave output, seeded from the card"
	else
		echo "not ok $boot - boot $boot gave output, seeded from the card"
		failed=1
	fi
done
first=$(sed -n 's/^# fingerprint //p' "$log/1")
second=$(sed -n 's/^# fingerprint //p' "$log/2")
if [ ${#first} -eq 64 ] && [ ${#second} -eq 64 ] && [ "$first" != "$second" ]; then
	echo "ok 3 - the same noise gives different output"
else
	echo "not ok 3 - the same noise gives different output"
	failed=1
fi
echo 1..3
exit $failed
