#!/bin/sh
# SPDX-License-Identifier: MIT
# In the guest: bring the chain up and leave it running.
. /lib/tap.sh
check "the module loads" load_qrng
check "the generator is seeded from the card" wait_for 30 grep -qx ready /sys/class/qrng/drbg/state
qrngd --listen 0.0.0.0:8080 --engine device >/dev/console 2>&1 &
check "qrngd answers" wait_for 30 wget -q -O /dev/null http://127.0.0.1:8080/health
qrngctl >/dev/console
done_testing
