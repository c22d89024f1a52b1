# SPDX-License-Identifier: MIT
# A later version of the daemon and the tool, after their operator changed something. The module
# is no part of this: an emulated machine takes a quarter of an hour to compile it.
# shellcheck shell=dash
# shellcheck disable=SC2154  # NEXT is said to install.sh
openssl req -new -x509 -nodes -days 30 -subj /CN=guest -addext subjectAltName=IP:127.0.0.1 -newkey ec \
	-pkeyopt ec_paramgen_curve:P-256 -keyout /etc/qrng/tls.key -out /etc/qrng/tls.pem 2>/dev/null
chgrp qrngd /etc/qrng/tls.key
chmod 640 /etc/qrng/tls.key
cat >>/etc/qrng/qrngd.conf <<'END'
[server]
listen = 127.0.0.1:8081
listen-tls = 127.0.0.1:8443
[tls]
tls-certificate = /etc/qrng/tls.pem
tls-key = /etc/qrng/tls.key
END
cksum /etc/qrng/qrngd.conf >/tmp/conf
before=$(systemctl show -P MainPID qrngd)
check "a later version is installed" apt-get install "/root/next/qrngd_${NEXT}_amd64.deb" \
	"/root/next/qrngctl_${NEXT}_amd64.deb"
is "$(cksum /etc/qrng/qrngd.conf)" "$(cat /tmp/conf)" "the configuration is as it was"
is "$(qrngctl --version), $(qrngd --version | cut -d' ' -f1,2)" "qrngctl $NEXT, qrngd $NEXT" "the programs are new"
check "the daemon runs" systemctl is-active qrngd
after=$(systemctl show -P MainPID qrngd)
check "it was started anew" test "$after" != "$before"
is "$(readlink "/proc/$after/exe")" /usr/sbin/qrngd "from the new file"
bytes() { [ "$(curl -s http://127.0.0.1:8081/v1/random?bytes=100 | wc -c)" = 100 ]; }
check "it does as its configuration says" wait_for 30 bytes
is "$(curl -s --cacert /etc/qrng/tls.pem 'https://127.0.0.1:8443/v1/random?bytes=100' | wc -c)" 100 \
	"over HTTPS, too"
check "it takes up a change when it is told to" systemctl reload qrngd
check "without a new start" test "$(systemctl show -P MainPID qrngd)" = "$after"

# Its socket belongs to systemd if the operator wants that.
sed -i '/^listen = /d' /etc/qrng/qrngd.conf
socket() { curl -s --max-time "$((60 * LAB_FACTOR * LAB_PATIENCE))" 'http://127.0.0.1:8080/v1/random?bytes=100' | wc -c; }
check "the daemon stops" systemctl stop qrngd
check "systemd listens instead" systemctl start qrngd.socket
is "$(systemctl is-active qrngd)" inactive "the daemon does not run"
is "$(socket)" 100 "until its first client comes, who is answered"
is "$(systemctl is-active qrngd)" active "now it does"
systemctl restart qrngd &
is "$(socket)" 100 "who comes while it is started anew is, too"
wait
check "no unit has failed by that" no_unit_failed
is "$(qrngctl -j doctor | tr '}' '\n' | grep -c 'problem.*"module".*modprobe -r qrng')" 1 \
	"the doctor says that the module is not the tool's"
