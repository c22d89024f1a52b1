#!/bin/sh
# SPDX-License-Identifier: MIT
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM HUP
"$here/../pages" "$folder" "$here/../../../docs/clients.md" || exit 1
"$here/../run" --kernel 6.1 --tree "$folder" "$here/examples.sh"
