#!/bin/sh
# SPDX-License-Identifier: MIT
# What docs/ABI lists is what is there: each file, and no other; one value in each.
. /lib/tap.sh

documented() {
	sed -n 's|^What:[[:space:]]*/sys/class/qrng/||p' /abi | sed 's|^<source>|quantis.0|' | sort
}

# The kernel itself gives each device uevent and power/, and links.
there() {
	(cd /sys/class/qrng && find quantis.0/ drbg/ -type f) | sed 's|//*|/|' |
		grep -v -e '/uevent$' -e '/power/' | sort
}

one_value_each() {
	local file lines
	for file in $(documented); do
		lines=$(wc -l <"/sys/class/qrng/$file") && [ "$lines" = 1 ] || echo "$file"
	done
}

not_read_only() {
	(cd /sys/class/qrng && find quantis.0/ drbg/ -type f -perm -0200) |
		grep -v -e '/uevent$' -e '/power/'
}

# only_in FILE OTHER: lines of FILE that OTHER has not.
only_in() { grep -vxFf "$2" "$1" | xargs; }

load_qrng
check "the generator is ready" wait_for 30 grep -qx ready /sys/class/qrng/drbg/state
documented >/tmp/documented
there >/tmp/there
check "the documentation lists files" test "$(wc -l </tmp/documented)" -ge 40
is "$(only_in /tmp/there /tmp/documented)" "" "each file is documented"
is "$(only_in /tmp/documented /tmp/there)" "" "each documented file is there"
is "$(one_value_each)" "" "each holds one value"
is "$(not_read_only)" "" "each is for reading only"
done_testing
