# SPDX-License-Identifier: MIT
# After an installation and a start of the machine: does the module do all it should?
# shellcheck shell=dash
# shellcheck disable=SC2154  # VERSION is said to install.sh

. /opt/guest/up.sh
no_unit_failed() { [ -z "$(systemctl --failed --no-legend --plain | tee /dev/stderr)" ]; }
check "no unit has failed" no_unit_failed

# The module
release=$(uname -r)
is "$(dkms status -k "$release" 2>/dev/null)" "qrng/$VERSION, $release, x86_64: installed" "DKMS built the module for this kernel"
module=$(modinfo -n qrng)
is "${module%.xz}" "/lib/modules/$release/updates/dkms/qrng.ko" "modprobe finds that one"
is "$(modinfo -F signer qrng), $(ls /var/lib/dkms/mok.pub)" "DKMS module signing key, /var/lib/dkms/mok.pub" \
	"it is signed for Secure Boot, by the key of docs/install.md"
is "$(cat /sys/module/qrng/version)" "$VERSION" "it is loaded"
named=$(grep -rlw qrng /etc/modules /etc/modules-load.d /usr/lib/modules-load.d /proc/cmdline 2>/dev/null)
is "$named" "" "and nothing but the card's number asked for it"
card=$(grep -l 0x179a /sys/bus/pci/devices/*/vendor | head -n 1)
is "$(modprobe -R "$(cat "${card%/*}/modalias")")" qrng "which means this module"
is "$(modprobe -c | grep -c '^blacklist quantis_pci$')" 1 "the vendor's driver would not load by itself"
check "the generator is ready" wait_for 60 qrngctl check

# Devices
mode() { stat -L -c '%U:%G %a' "$1"; }
is "$(mode /dev/qrng_drbg)" "root:root 444" "/dev/qrng_drbg is for everybody"
is "$(mode /dev/qrng_raw)" "root:qrng 440" "/dev/qrng_raw is the group's"
is "$(mode /dev/qrandom0)" "root:qrng 640" "/dev/qrandom0, too"
place=${card%/*}
is "$(readlink -f "/dev/qrng/by-path/pci-${place##*/}")" /dev/qrandom0 "a card has a name by its place"
check "systemd knows the device" systemctl is-active dev-qrng_drbg.device
somebody() { setpriv --reuid nobody --regid nogroup "$@"; }
is "$(somebody --clear-groups head -c 64 /dev/qrng_drbg | wc -c)" 64 "nobody in particular reads it"
somebody --clear-groups head -c 1 /dev/qrng_raw >/dev/null 2>&1
is "$?" 1 "but no noise"
is "$(somebody --groups qrng head -c 64 /dev/qrng_raw | wc -c)" 64 "a member of the group does"

# The kernel's pool
used() { cat /sys/class/qrng/quantis.0/stats/used_bytes; }
is "$(cat /sys/class/misc/hw_random/rng_current)" quantis.0 "/dev/hwrng is the card"
check "rngd runs" systemctl is-active rng-tools-debian
rngd=$(pgrep -x rngd)
is "$(readlink "/proc/$rngd/fd/"* | grep -c -e '^/dev/hwrng$' -e '^/dev/random$')" 2 \
	"it has its hands on /dev/hwrng and on the pool"
systemctl stop rng-tools-debian
before=$(used)
# What the service does every minute, each second.
# It does not go by itself while it is watched, but has to be killed.
timeout -k 1 3600 strace -f -o /tmp/rngd -e trace=ioctl rngd -f --feed-interval=1 >/dev/null 2>&1 &
watcher=$!
given_often() { [ "$(grep -c 'RNDADDENTROPY.*}) = 0' /tmp/rngd)" -ge 3 ]; }
check "it credits the pool again and again" wait_for 60 given_often
after=$(used)
kill $watcher
wait $watcher
systemctl start rng-tools-debian
check "with noise of the card ($before, then $after bytes used)" test "$((after - before))" -ge 2500

# What outlives a start
is "$(systemctl is-active qrng-seed)" active "noise is carried over restarts"
check "it is saved at a stop" systemctl stop qrng-seed
is "$(stat -c '%U %a %s' /var/lib/qrng/seed)" "root 600 64" "for root alone"
sum=$(cksum /var/lib/qrng/seed)
check "it is loaded at a start" systemctl start qrng-seed
check "and replaced by that" test "$(cksum /var/lib/qrng/seed)" != "$sum"
