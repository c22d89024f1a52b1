#!/bin/sh
# SPDX-License-Identifier: MIT
# The module without packages: what make dkms does on a machine with headers and DKMS.
. /lib/tap.sh
. /opt/guest/version
cd /root/qrng || exit 1
release=$(uname -r)
check "make dkms" make dkms
is "$(dkms status 2>/dev/null)" "qrng/$VERSION, $release, x86_64: installed" "DKMS built the module for this kernel"
is "$(cat /sys/module/qrng/version)" "$VERSION" "it is loaded"
is "$(cat /sys/bus/pci/drivers/qrng_quantis/*/vendor)" 0x179a "and has the card"
check "the generator gets ready" wait_for 120 head -c 64 /dev/qrng_drbg
mode() { stat -L -c '%U:%G %a' "$1"; }
is "$(mode /dev/qrng_raw)" "root:qrng 440" "the rules hold for its devices, and there is the group"
is "$(mode /dev/qrng_drbg)" "root:root 444" "for each of them"
check "systemd knows the service that carries noise over restarts" systemctl start qrng-seed
check "it is saved at a stop" systemctl stop qrng-seed
is "$(stat -c '%U %a %s' /var/lib/qrng/seed)" "root 600 64" "for root alone"
check "once more" make dkms
is "$(dkms status 2>/dev/null)" "qrng/$VERSION, $release, x86_64: installed" "does it again"
done_testing
