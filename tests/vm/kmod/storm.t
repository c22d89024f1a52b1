#!/bin/sh
# SPDX-License-Identifier: MIT
# Forty cards, and 500 in a soak; QRNG_STORM_PLUGS and QRNG_STORM_SEED say otherwise.
here=$(dirname "$0")
plugs=${QRNG_STORM_PLUGS:-${QRNG_SOAK:+500}}
plugs=${plugs:-40}
exec "$here/../run" --kernel "${QRNG_KERNEL:-6.1}" --no-card --card "--speed 0.1" --timeout $((plugs * 8 + 300)) \
	--append "storm_plugs=$plugs storm_seed=${QRNG_STORM_SEED:-1}" "$here/storm.sh"
