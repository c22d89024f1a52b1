#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel 6.1 --card "--speed 0.2 --noise seed:815" \
	--card "--speed 0.2 --noise seed:816 --modules 0x1 --core-version 0x8a020302" --timeout 300 "$here/vendor.sh"
