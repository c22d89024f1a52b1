#!/bin/sh
# SPDX-License-Identifier: MIT
# A key, a number, and a draw that everybody can verify. client.sh [URL]; needs curl and qrngctl
set -eu
url=${1:-http://localhost:8080} draw=draw-2026-47
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

echo "key:    $(curl -fsS "$url/v1/random?bytes=32&format=hex")"
echo "number: $(curl -fsS "$url/v1/integers?min=1&max=100&format=text")"

curl -fsS "$url/v1/keys" >"$folder/keys"
curl -fsSi "$url/v1/sample?min=1&max=49&count=6&format=text&signed=1&challenge=$draw" >"$folder/$draw"
qrngctl verify --key "$folder/keys" --challenge $draw --max-age 1m "$folder/$draw"
echo "draw:   $(sed '1,/^\r$/d' "$folder/$draw" | paste -sd ' ' -)"
