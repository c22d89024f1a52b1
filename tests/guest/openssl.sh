# SPDX-License-Identifier: MIT
# OpenSSL's programs draw from the card, as docs/openssl.md shows it.
# shellcheck shell=dash
given() { cat /sys/class/qrng/drbg/output_bytes; }

before=$(given)
check "docs/openssl.md: one program" sh /opt/guest/openssl0
after=$(given)
check "its bytes came from the module ($before, then $after)" test "$((after - before))" -ge 64

cp /etc/ssl/openssl.cnf /root/openssl.cnf
check "docs/openssl.md: all programs" sh /opt/guest/openssl1
before=$(given)
is "$(openssl rand 100000 | wc -c)" 100000 "openssl gives bytes"
after=$(given)
check "which the module gave ($before, then $after)" test "$((after - before))" -ge 100000
somebody --clear-groups openssl rand -hex 8 >/dev/null
is "$?" 0 "to everybody"
cp /root/openssl.cnf /etc/ssl/openssl.cnf
