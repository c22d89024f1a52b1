#!/bin/sh
# SPDX-License-Identifier: MIT
# The guest's part of same-noise.t: a fingerprint of the generator's first output.
. /lib/tap.sh
load_qrng
check "the generator is ready" wait_for 30 grep -qx ready /sys/class/qrng/drbg/state
diag "fingerprint $(dd if=/dev/qrng_drbg bs=64 count=1 2>/dev/null | sha256sum | cut -c1-64)"
diag "seed bytes $(cat /sys/class/qrng/drbg/seed_bytes)"
unload_qrng
done_testing
