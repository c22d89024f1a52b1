#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel debug --card "--speed 0.1" --timeout 400 "$here/policy.sh"
