#!/bin/bash
# SPDX-License-Identifier: MIT
set -euo pipefail
vm=$(cd "$(dirname "$0")/.." && pwd)
unset MAKEFLAGS MFLAGS MAKELEVEL

# The kernel's own AES with the copy to the reader, as a device to be read.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
kdir=
eval "$("$vm/kernel" 6.12 amd64)"
cp "$vm"/bench-module/* "$folder"
make -s -C "$kdir" M="$folder" CC=gcc-12 CONFIG_DEBUG_INFO_BTF_MODULES= modules >&2

"$vm/run" --kernel 6.12 --icount --timeout 240 --file "$folder/aesbench.ko:/aesbench.ko" \
	"$vm/kmod/speed.sh"
