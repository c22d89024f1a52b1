# SPDX-License-Identifier: MIT
# What is left when all packages are removed, with the card still in the machine?
# shellcheck shell=dash
check "all is removed" apt-get purge qrng-dkms qrngctl qrngd qrng-dev qrng-openssl
# What an operator has put beside our files is his.
rm -r /etc/systemd/system/qrng-ready.service.d /etc/qrng
left() {
	find / -xdev \( -path /root -o -path /opt/guest -o -path /tmp -o -path /var/log -o \
		-path /var/cache/apt \) -prune -o \( -name '*qrng*' -o -name '*qrandom*' \) -print
	find /dev /run ! -path '/run/udev/data/*' -name '*qr[na]*'
	find /lib/modules/*/updates /var/lib/dkms -name '*.ko' 2>/dev/null
	getent passwd qrngd
	getent group qrng qrngd
	lsmod | grep qrng
	systemctl list-units --all --no-legend --plain '*qrng*'
	pgrep -a qrng
}
is "$(left)" "" "no file, user, group, module, unit or process is left"
check "the system is as healthy as it was" no_unit_failed
