#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
exec "$here/../run" --kernel 6.1 --file "$here/../../../docs/ABI/sysfs-class-qrng:/abi" "$here/abi.sh"
