#!/bin/sh
# SPDX-License-Identifier: MIT
# The guest's part of shutdown.t: leaves everything running, for the power-off to end it.
. /lib/tap.sh

load_qrng
check "the generator is ready" wait_for 30 grep -qx ready /sys/class/qrng/drbg/state
for device in /dev/qrng_drbg /dev/qrng_raw /dev/hwrng; do
	cat $device >/dev/null &
done
sleep 1
diag "modules switched off: $(host_get writes.MX_DR emu count) times"
done_testing
