#!/bin/sh
# SPDX-License-Identifier: MIT
# What a reader holds that sleeps while bytes are handed to it: the lab gets an image of the
# machine's memory, and looks into it.
. /lib/tap.sh

# asleep_with NAME GENERATOR wipe|keep
asleep_with() {
	rm -f /tmp/go /tmp/said
	mkfifo /tmp/go
	sleeper /dev/qrng_drbg "$2" "$3" </tmp/go >/tmp/said &
	exec 4>/tmp/go
	if wait_for 60 grep -qx asleep /tmp/said; then
		host save "$1" >/dev/null && ok "$1: the memory is saved while a reader sleeps" ||
			not_ok "$1: the memory can not be saved"
	else
		not_ok "$1: the reader does not sleep"
	fi
	echo go >&4
	exec 4>&-
	wait $! && ok "$1: the reader goes on" || not_ok "$1: the reader fails"
	diag "$(sed -n "s/^past /past $1 /p" /tmp/said)"
	diag "$(sed -n "s/^future /future $1 /p" /tmp/said)"
}

load_qrng
check "the generator is ready" wait_for 30 grep -qx ready /sys/class/qrng/drbg/state
asleep_with control 0 keep
asleep_with chacha20 0 wipe
asleep_with aes256-ctr 1 wipe
asleep_with ctr-drbg 2 wipe
asleep_with fortuna 3 wipe
unload_qrng
done_testing
