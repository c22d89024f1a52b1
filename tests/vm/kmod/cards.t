#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel 6.1 --cards 3 --timeout 300 --card "--speed 0.1" --card "--speed 0.1" \
	--card "--speed 0.1" "$here/cards.sh"
