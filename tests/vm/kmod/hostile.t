#!/bin/sh
# SPDX-License-Identifier: MIT
# Half a minute; QRNG_HOSTILE_SECONDS says otherwise, and a soak takes two hours. Further spells
# take further seeds, beginning with QRNG_HOSTILE_SEED.
here=$(dirname "$0")
seconds=${QRNG_HOSTILE_SECONDS:-${QRNG_SOAK:+7200}}
seconds=${seconds:-30}
exec "$here/../run" --kernel "${QRNG_KERNEL:-6.1}" --card "--speed 0.1" --timeout $((seconds * 3 + 240)) \
	--append "hostile_seconds=$seconds hostile_seed=${QRNG_HOSTILE_SEED:-1}" "$here/hostile.sh"
