#!/bin/bash
# SPDX-License-Identifier: MIT
# The recorded noise is what the emulated card gives.
cd "$(dirname "$0")/../.." || exit 1
again=$(mktemp -d) || exit 1
trap 'rm -rf "$again"' EXIT
echo 1..1
if problems=$(timeout 900 tests/unit/recordings/record "$again" 2>&1 &&
	diff -r -x README.md -x record tests/unit/recordings "$again" 2>&1); then
	echo "ok 1 - the card makes every recording again"
else
	echo "not ok 1 - the card makes other recordings"
	while read -r line; do echo "# $line"; done <<<"$problems"
	exit 1
fi
