#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel 6.1 --no-card --card "--fault starve" --timeout 400 "$here/survive.sh"
