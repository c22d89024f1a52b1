#!/bin/sh
# SPDX-License-Identifier: MIT
# Forty times, and 500 in a soak; QRNG_REPLUG_ROUNDS says otherwise.
here=$(dirname "$0")
rounds=${QRNG_REPLUG_ROUNDS:-${QRNG_SOAK:+500}}
rounds=${rounds:-40}
exec "$here/../run" --kernel 6.1 --card "--speed 0.1" --timeout $((rounds * 5 + 200)) \
	--append "replug_rounds=$rounds" "$here/replug.sh"
