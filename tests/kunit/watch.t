#!/bin/bash
# SPDX-License-Identifier: MIT
# The kernel's run fails when it has to: wrong answers, a sanitizer's report, a dead kernel.
cd "$(dirname "$0")" || exit 1
out=$(mktemp)
trap 'rm -f "$out"' EXIT
count=0

# refused NAME LINE PARAMETER...: with these parameters the run fails and prints LINE.
refused() {
	local name=$1 line=$2 verdict=ok
	shift 2
	count=$((count + 1))
	! ./run "$@" >"$out" || verdict="not ok"
	grep -qE "$line" "$out" || verdict="not ok"
	echo "$verdict $count - $name"
	[ "$verdict" = ok ] || sed 's/^/# /' "$out"
}

refused "spoilt vectors fail" "^not ok .* qrng_vectors: sha256_short_messages" \
	kunit.filter_glob=qrng_vectors qrng_kunit.spoil=1
passed=$(grep -cE '^ok .* qrng_vectors: [a-z0-9_]+$' "$out")
count=$((count + 1))
[ "$passed" = 0 ] || echo -n "not "
echo "ok $count - all of them ($passed passed)"
refused "a read behind a buffer is seen" "^not ok .* kernel log: BUG: KASAN" \
	"kunit.filter_glob=qrng_core.kasan*" qrng_kunit.overrun=1
refused "a kernel that dies early is seen" "^not ok .* the kernel ran to its end" mem=2M
echo "1..$count"
