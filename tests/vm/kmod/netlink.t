#!/bin/sh
# SPDX-License-Identifier: MIT
# The netlink family, driven by the kernel's own client with uapi/qrng.yaml: netlink.t [KERNEL]
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM HUP
"$here/../ynl" "$folder" "$here/netlink.py" || exit 1
"$here/../run" --kernel "${1:-6.1}" --cards 2 --tree "$folder" "$here/netlink.sh"
