#!/bin/sh
# SPDX-License-Identifier: MIT
# With another driver that takes cards, and the module signed by a key that no kernel knows.
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$folder/doctor"
cd "$here/../../.." || exit 1
eval "$(tests/vm/kernel 6.1 amd64)" || exit 1
# shellcheck disable=SC2154  # that said kdir, modules, release and cc
flock build/.kmod.lock make -s kmod KDIR="$kdir" CC="$cc" >"$folder/said" 2>&1 &&
	openssl req -new -x509 -nodes -days 2 -subj "/CN=nobody knows" -newkey rsa:2048 -keyout "$folder/key" \
		-outform DER -out "$folder/certificate" 2>>"$folder/said" &&
	"$kdir/scripts/sign-file" sha256 "$folder/key" "$folder/certificate" "build/kmod/$release/qrng.ko" \
		"$folder/doctor/signed.ko" &&
	cp "$modules/lib/modules/$release/kernel/drivers/pci/pci-stub.ko" "$folder/doctor" || {
	cat "$folder/said" >&2
	exit 1
}
rm "$folder/key" "$folder/certificate" "$folder/said"
tests/vm/run --kernel 6.1 --timeout 300 --tree "$folder" tests/vm/kmod/doctor.sh
