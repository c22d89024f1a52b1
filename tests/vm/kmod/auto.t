#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel 6.1 --card "--speed 0.1" --timeout 300 "$here/auto.sh"
