#!/bin/bash
# SPDX-License-Identifier: MIT
# One description of the netlink protocol: what is made from uapi/qrng.yaml and what is written
# beside it agree, and whatever stops agreeing is noticed.
set -u
cd "$(dirname "$0")/../.." || exit 1
files=(tools/protocol uapi/qrng.yaml uapi/qrng.h kmod/netlink_gen.c kmod/netlink_gen.h docs/netlink.md)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
count=0

ok() {
	count=$((count + 1))
	echo "ok $count - $*"
}

not_ok() {
	count=$((count + 1))
	echo "not ok $count - $*"
}

# notices WORDS FILE SED TEXT: the check names FILE and says WORDS once SED was done to it
notices() {
	local words=$1 file=$2 edit=$3 found
	shift 3
	for name in "${files[@]}"; do
		install -D "$name" "$scratch/$name"
	done
	sed -i "$edit" "$scratch/$file"
	if cmp -s "$file" "$scratch/$file"; then
		not_ok "$* (nothing was changed)"
	elif found=$("$scratch/tools/protocol" check 2>&1) || ! grep -q -- "$words" <<<"$found"; then
		not_ok "$*"
		echo "# it said: $found"
	else
		ok "$*"
	fi
}

found=$(tools/protocol check) && [ -z "$found" ] && ok "all agrees" || not_ok "all agrees: $found"
gen=kmod/netlink_gen.c
header=uapi/qrng.h
spec=uapi/qrng.yaml
notices "enum qrng_cmd" $header '/QRNG_CMD_POOL_GET,/d' "a command missing in the header"
notices "enum qrng_drbg_attr" $header 's/QRNG_A_DRBG_PAD,/&\n\tQRNG_A_DRBG_MORE,/' "an attribute too many there"
notices "enum qrng_event" $header '/QRNG_EVENT_RESEED,/d; s/QRNG_EVENT_TEST_PASSED,/QRNG_EVENT_RESEED,\n&/' \
	"values in another order there"
notices "enum qrng_more" $header 's/^enum qrng_cmd/enum qrng_more {\n\tQRNG_MORE,\n};\n\n&/' "an enum too many there"
notices "constant QRNG_ALPHA_MAX" $header 's/QRNG_ALPHA_MAX\t.*/QRNG_ALPHA_MAX 50/' "another limit there"
notices "constant QRNG_MORE" $header 's/^#define QRNG_ALPHA_MAX.*/&\n#define QRNG_MORE 1/' "a limit too many there"
notices "$gen" $gen 's/\.flags = GENL_ADMIN_PERM,//' "operations without their permission"
notices "$gen" $gen 's/value > QRNG_ALPHA_MAX/value > 99/' "a policy with another range"
notices "$gen" $gen 's/\.type = NLA_U64/.type = NLA_U32/' "a policy with another type"
notices "$gen" $spec 's/^            - grace-bytes$//' "an attribute that a request no longer takes"
notices "enum qrng_source_state" $spec 's/name: half-open/name: half-shut/' "a value of another name in the description"
notices "the constant alpha-max is 40" $spec 's/^          max: 40$/          max: 41/' \
	"a check that is not the constant"
notices "the constant alpha-max is no" $spec '/^          max: 40$/d' "a limit that is not checked"
notices "docs/netlink.md" $spec 's/Seconds\./Minutes./' "documents that say something else"
echo "1..$count"
