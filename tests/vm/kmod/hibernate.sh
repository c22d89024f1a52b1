#!/bin/sh
# SPDX-License-Identifier: MIT
# The machine writes its memory to a disk and powers off: what has been put to sleep for that must
# still be able to end, or the power stays on for ever. The disk is one in memory, as nobody wakes
# the machine.
. /lib/tap.sh

load_qrng
check "the generator is ready" wait_for 30 grep -qx ready /sys/class/qrng/drbg/state
insmod /lib/brd.ko rd_nr=1 rd_size=262144
check "there is room for an image" mkswap /dev/ram0
check "as swap" swapon /dev/ram0
echo shutdown >/sys/power/disk
echo 0 >/sys/power/image_size
done_testing
# The lab hears here that the script has ended, since init does not come to it.
printf '\nLAB: end 0\n'
# shellcheck disable=SC3045  # busybox's read knows -t
(read -r -t 60 _ </dev/ttyS1)
echo disk >/sys/power/state
# It did not work: the lab shall see that the machine stays on.
sleep 86400
