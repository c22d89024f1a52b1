#!/bin/sh
# SPDX-License-Identifier: MIT
# The module and the tool on Debian 13. The daemon is for Debian 12: libh2o has left Debian since.
. /lib/tap.sh
. /opt/guest/version
. /opt/guest/module.sh
is "$(. /etc/os-release && echo "$VERSION_CODENAME")" trixie "the system is Debian 13"
check "the tool shows the card" qrngctl source quantis.0
check "the doctor finds nothing wrong" qrngctl doctor
check "all is removed" apt-get purge qrng-dkms qrngctl
left() {
	find / -xdev \( -path /root -o -path /opt/guest -o -path /tmp -o -path /var/log -o \
		-path /var/cache/apt -o -path /etc/systemd/system/qrng-ready.service.d \) -prune -o \
		-name '*qrng*' -print
	getent group qrng
	lsmod | grep qrng
}
is "$(left)" "" "nothing is left"
done_testing
