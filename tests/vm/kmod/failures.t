#!/bin/sh
# SPDX-License-Identifier: MIT
# Of the steps of a load each 17th fails, in a soak each one.
here=$(dirname "$0")
step=${QRNG_SOAK:+1}
exec "$here/../run" --kernel debug --card "--speed 0.1" --timeout "${QRNG_SOAK:+1}0900" \
	--append "failures_step=${step:-17}" "$here/failures.sh"
