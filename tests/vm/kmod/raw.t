#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel 6.1 --no-card --card "--speed 0.1 --noise seed:4711" \
	--card "--speed 0.1 --noise seed:4712" --timeout 240 "$here/raw.sh"
