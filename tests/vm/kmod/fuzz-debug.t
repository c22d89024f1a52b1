#!/bin/sh
# SPDX-License-Identifier: MIT
# The same, with all that QRNG_SOAK and others say, under the eyes of KASAN, lockdep and kmemleak.
QRNG_KERNEL=debug exec "$(dirname "$0")/fuzz.t"
