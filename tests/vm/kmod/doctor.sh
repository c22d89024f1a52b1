#!/bin/sh
# SPDX-License-Identifier: MIT
# qrngctl doctor: each thing it can find is made to be so, and found; what cannot be undone, the
# kernel's wish for signatures, comes last.
. /lib/tap.sh

name=quantis.0
release=$(uname -r)
folder=/lib/modules/$release/updates/dkms
slot=$(dirname "$(grep -l 0x179a /sys/bus/pci/devices/*/vendor)")
slot=${slot##*/}

found() { # LEVEL CHECK TEXT
	qrngctl -j doctor | tee /tmp/findings | tr '}' '\n' |
		grep -F "{\"level\":\"$1\",\"check\":\"$2\",\"text\":\"$3" >/dev/null || { cat /tmp/findings; false; }
}
finds() { check "$1 $2: $3" found "$@"; }
comes() { check "$1 $2: $3" wait_for 60 found "$@"; }
ends() { # STATUS TEXT
	qrngctl doctor >/tmp/text
	is "$?" "$1" "$2"
}

# The module
mkdir -p "$folder" /lib/modules/5.10.0-1 /usr/sbin /etc/qrng
finds problem module "not installed"
echo extra/qrng.ko: >/lib/modules/5.10.0-1/modules.dep
finds problem module "there is one for 5.10.0-1, but not for the kernel that runs, $release"
echo updates/dkms/qrng.ko: >"/lib/modules/$release/modules.dep"
cp /lib/qrng/qrng.ko "$folder"
finds problem module "installed, not loaded"
ends 5 "a problem is exit code 5"
is "$(grep -c '^problem  module   installed, not loaded$' /tmp/text)" 1 "and told to people"
is "$(grep -c '^ *do: modprobe qrng; ' /tmp/text)" 1 "with what to do"

# Its devices
load_qrng
no_grace
finds problem device "/dev/qrng_raw has mode 0440 and group 0, should have 0440 and 200"
chgrp qrng /dev/qrng_raw
comes ok source "$name is healthy"
comes ok drbg "the generator is ready"
comes ok hwrng "/dev/hwrng is $name"
finds ok module "loaded, version $(cat /sys/module/qrng/version)"
finds ok card "1 of them"
finds ok driver "the card in $slot is ours"
finds ok device "/dev/qrng_raw has mode 0440 and group 200"
ends 0 "with nothing but notes it is exit code 0"
is "$(qrngctl -j doctor | grep -c '"problems":0}$')" 1 "and no problem in JSON"
chmod 600 /dev/qrng_drbg
finds problem device "/dev/qrng_drbg has mode 0600 and group 0, should have 0444 and 0"
mv /dev/qrng_drbg /dev/elsewhere
finds problem device "the module is loaded, but there is no /dev/qrng_drbg"
mv /dev/elsewhere /dev/qrng_drbg
chmod 444 /dev/qrng_drbg
sed -i.all /^qrng:/d /etc/group
finds problem device "there is no group qrng"
mv /etc/group.all /etc/group
mv "/lib/modules/$release/modules.dep" /tmp
finds note module "loaded by hand: it is not installed for $release"
mv /tmp/modules.dep "/lib/modules/$release"
echo 0.0.9 >/tmp/version
mount --bind /tmp/version /sys/module/qrng/version
finds problem module "loaded, but of version 0.0.9, and this program is of "
umount /sys/module/qrng/version

# rngd, by its name
finds note rngd "rngd does not run"
printf '#!/bin/sh\nwhile sleep 1; do :; done\n' >/tmp/rngd
chmod +x /tmp/rngd
/tmp/rngd &
rngd=$!
comes ok rngd "rngd runs"
kill $rngd

# The daemon
cp /bin/qrngd /usr/sbin/qrngd
finds problem daemon "installed, but does not run"
qrngd --engine device --listen 127.0.0.1:8080 >/tmp/log 2>&1 &
daemon=$!
comes ok daemon "answers on 127.0.0.1:8080"
printf '[server]\nlisten = 127.0.0.1:81\n' >/etc/qrng/qrngd.conf
finds problem daemon "runs, but nobody is at 127.0.0.1:81"
while nc -l -p 81 -e echo hello; do :; done &
stranger=$!
comes problem daemon "what is at 127.0.0.1:81 gives no answer that qrngd gives"
kill $stranger
rm /etc/qrng/qrngd.conf

# Noise that does not come
qrngctl source set $name enabled=no
comes problem source "$name is not healthy but disabled"
comes problem drbg "the generator is not ready but "
comes problem hwrng "/dev/hwrng is none, not a card of ours"
comes problem daemon "answers on 127.0.0.1:8080 that it has nothing to give"
qrngctl source set $name enabled=yes
comes ok source "$name is healthy"
comes ok daemon "answers on 127.0.0.1:8080"
kill $daemon
wait $daemon
rm /usr/sbin/qrngd

# The clock
now=$(date +%s)
date -s @1500000000 >/dev/null
finds problem clock "the clock is before 2026"
date -s "@$now" >/dev/null
finds note clock "nobody keeps the clock right"

# The card, and who has it
device=/sys/bus/pci/devices/$slot
echo "$slot" >"$device/driver/unbind"
finds problem driver "the module did not take the card in $slot"
insmod /doctor/pci-stub.ko
echo pci-stub >"$device/driver_override"
echo "$slot" >/sys/bus/pci/drivers_probe
finds problem driver "the card in $slot belongs to another driver, pci-stub"
echo 1 >"$device/remove"
finds problem card "there is none"
unload_qrng
finds note module "installed; a card would load it"
echo 1 >/sys/bus/pci/rescan
comes ok card "1 of them"

# A kernel that wants signatures
echo 1 >/sys/module/module/parameters/sig_enforce
load_qrng 2>/dev/null && not_ok "the kernel takes no module without a signature" ||
	ok "the kernel takes no module without a signature"
finds problem module "not signed, and this kernel"
cp /doctor/signed.ko "$folder/qrng.ko"
finds problem module "not loaded; this kernel loads only what a key signed that it knows"
insmod /doctor/signed.ko 2>/dev/null && not_ok "nor one of an unknown key" || ok "nor one of an unknown key"
mount -t securityfs security /sys/kernel/security
echo integrity >/sys/kernel/security/lockdown
is "$(cat /sys/kernel/security/lockdown)" "none [integrity] confidentiality" "the kernel is locked down"
finds problem module "not loaded; this kernel loads only what a key signed that it knows"
cp /lib/qrng/qrng.ko "$folder"
finds problem module "not signed, and this kernel"
done_testing
