#!/bin/sh
# SPDX-License-Identifier: MIT
# What QEMU's rng-random takes from a FIFO outside is this machine's hardware generator.
. /lib/tap.sh

check "the drivers of virtio-rng load" load_list /lib/qrng/rng.list
check "there is a hardware generator" wait_for 60 grep -q virtio /sys/class/misc/hw_random/rng_current
is "$(dd if=/dev/hwrng bs=1024 count=16 2>/dev/null | wc -c)" 16384 "it gives what it is asked for"
diag "read $(dd if=/dev/hwrng bs=64 count=1 2>/dev/null | sha256sum | cut -d' ' -f1)"
done_testing
