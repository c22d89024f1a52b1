#!/bin/sh
# SPDX-License-Identifier: MIT
# Power-off under load: the card is left alone, its modules switched off, and nothing holds it up.
here=$(dirname "$0")
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0

"$here/../run" --kernel 6.1 --card "--speed 0.1" "$here/shutdown.sh" >"$log" || failed=1
count=$(($(sed -n 's/^1\.\.//p' "$log") + 1))
sed '/^1\.\./d' "$log"
before=$(sed -n 's/^# modules switched off: \([0-9]*\) times$/\1/p' "$log")
after=$(sed -n 's/^# card0: .*"MX_DR":\([0-9]*\).*/\1/p' "$log")
if [ -n "$before" ] && [ "$after" = $((before + 1)) ]; then
	echo "ok $count - the card was told to rest"
else
	echo "not ok $count - the card was told to rest"
	echo "# its modules were switched off '$before' times before, '$after' after"
	failed=1
fi
echo "1..$count"
exit $failed
