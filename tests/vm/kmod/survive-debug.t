#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel debug --no-card --card "--speed 0.1" --timeout 400 --append rounds=2 "$here/survive.sh"
