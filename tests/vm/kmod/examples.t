#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel 6.1 "$here/examples.sh"
