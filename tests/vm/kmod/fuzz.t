#!/bin/sh
# SPDX-License-Identifier: MIT
# A third of a minute, and an hour in a soak; QRNG_FUZZ_SECONDS and QRNG_FUZZ_SEED say otherwise.
here=$(dirname "$0")
seconds=${QRNG_FUZZ_SECONDS:-${QRNG_SOAK:+3600}}
seconds=${seconds:-20}
exec "$here/../run" --kernel "${QRNG_KERNEL:-6.1}" --card "--speed 0.1" --timeout $((seconds * 3 + 400)) \
	--append "fuzz_seconds=$seconds fuzz_seed=${QRNG_FUZZ_SEED:-1}" "$here/fuzz.sh"
