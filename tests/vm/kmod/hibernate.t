#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
brd=$("$here/../kernel" 6.1 amd64 | sed -n 's/^modules=//p' | xargs -I @ find @ -name brd.ko)
exec "$here/../run" --kernel 6.1 --card "--speed 0.1" --file "$brd:/lib/brd.ko" "$here/hibernate.sh"
