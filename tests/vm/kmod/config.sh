#!/bin/sh
# SPDX-License-Identifier: MIT
# The guest's part of config.t: card, module and daemon; who changes settings is outside.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg

changed() { qrngctl drbg -j | grep -q '"reseed_interval": *77'; }

load_qrng
check "the generator is ready" wait_for 30 grep -qx ready $drbg/state
printf %s "a token of more than 32 characters" | sha256sum >/tmp/token
qrngd --listen 0.0.0.0:8080 --engine device --admin-token /tmp/token --module-control on &
daemon=$!
check "qrngd answers" wait_for 30 wget -q -O /dev/null http://127.0.0.1:8080/healthz
diag "serving"
check "the client outside changes settings" wait_for 120 changed
qrngctl drbg -j | grep -q '"policy": *"error"' && ok "and the module has them" || not_ok "the module has others"
kill -TERM $daemon
wait $daemon
is $? 0 "qrngd stops"
done_testing
