#!/bin/sh
# SPDX-License-Identifier: MIT
# One machine is copied while a file is open. A copy without a new generation ID makes the very same
# bytes as the original (so the copy is true, and the test can fail); copies with one make others.
here=$(dirname "$0")
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0

"$here/../run" --kernel 6.1 --no-card \
	--copy 00000000-0000-4000-8000-000000000001 \
	--copy 00000000-0000-4000-8000-000000000002 \
	--copy 00000000-0000-4000-8000-000000000003 "$here/vmfork.sh" >"$log" || failed=1
count=$(sed -n 's/^1\.\.//p' "$log")
sed '/^1\.\./d' "$log"

# of WHO FILE: the fingerprint; WHO is "" for the original or "copy N: # ".
of() { sed -n "s/^# $1$2 file: \([0-9a-f]\{64\}\)$/\1/p" "$log"; }

result() {
	count=$((count + 1))
	if [ "$1" = yes ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		failed=1
	fi
}

for file in open new; do
	original=$(of "" $file) twin=$(of "copy 1: # " $file)
	first=$(of "copy 2: # " $file) second=$(of "copy 3: # " $file)
	[ -n "$original" ] && [ "$original" = "$twin" ] && same=yes || same=no
	result "$same" "$file file: a twin nobody tells of gives the same bytes"
	[ -n "$first" ] && [ -n "$second" ] && [ "$first" != "$original" ] &&
		[ "$second" != "$original" ] && [ "$first" != "$second" ] && differ=yes || differ=no
	result "$differ" "$file file: copies give bytes of their own"
done
echo "1..$count"
exit $failed
