#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel 6.1 --timeout 400 --card "--speed 0.1" "$here/rearm.sh"
