#!/bin/sh
# SPDX-License-Identifier: MIT
# The guest's part of chain.t: card, module and daemon; the client is outside.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg
url=http://127.0.0.1:8080

health() { wget -q -O - $url/v1/health; }
unhealthy() { ! health >/dev/null; }
sent_more_than() { [ "$(cat /sys/class/net/eth0/statistics/tx_bytes)" -gt "$1" ]; }
cpu_ticks() { cut -d' ' -f14,15 /proc/"$1"/stat | tr ' ' + | xargs -I% sh -c 'echo $((%))'; }
now_ms() { awk '{ printf "%d", $1 * 1000 }' /proc/uptime; }

is "$(host_get words_popped emu count)" 0 "no word has left the card's FIFO"
load_qrng
no_grace
check "the generator is ready" wait_for 30 grep -qx ready $drbg/state
words=$(host_get words_popped emu count)
[ "$words" -ge 1040 ] && ok "a start-up test and a seed were drawn from the card: $words words" ||
	not_ok "only $words words were drawn"

qrngd --listen 0.0.0.0:8080 --engine device &
daemon=$!
check "qrngd answers" wait_for 30 health
is "$(wget -q -S -O /dev/null $url/v1/random 2>&1 | tr -d '\r' | sed -n 's/^ *QRNG-Source: //p')" quantis.0 \
	"an answer names the card"
[ "$(cat $drbg/output_bytes)" -ge 32 ] && ok "and was made from the module's generator" ||
	not_ok "the module gave the daemon nothing"

# It may still be busy with the end of what was asked.
rests() {
	local ticks
	ticks=$(cpu_ticks $daemon)
	sleep 5
	[ "$(cpu_ticks $daemon)" = "$ticks" ]
}
check "with nobody asking, the daemon uses no CPU in 5 s" wait_for 10 rests

# From here the client outside acts; what it does is seen in what the network card sends.
diag "serving"
check "the client outside downloads" wait_for 120 sent_more_than 20000000
pull() {
	local pulled
	host emu close >/dev/null
	pulled=$(now_ms)
	wait_for 10 unhealthy || return 1
	took=$(($(now_ms) - pulled))
	diag "/health fails after $took ms"
}
put_in() { host qmp unplug >/dev/null && host qmp plug >/dev/null && wait_for 30 health; }
pull && ok "the card is pulled: /health fails" || not_ok "the card is pulled: /health does not fail"
# A busy machine may keep anybody waiting just then: once in a few times it does not.
tries=1
until [ "$took" -le 1000 ] || [ $tries = 20 ]; do
	tries=$((tries + 1))
	put_in && pull || break
done
[ "$took" -le 1000 ] && ok "within a second: $took ms" || not_ok "only after $took ms"
is "$(cat $drbg/state)" no-source "the generator says why"
wget -q -O /dev/null $url/v1/random && not_ok "bytes without a source" || ok "no bytes without a source"

host qmp unplug >/dev/null
host qmp plug >/dev/null
check "a card is plugged in: /health is good again" wait_for 30 health
is "$(wget -q -O - "$url/v1/random?bytes=5000" | wc -c)" 5000 "and bytes flow, without a restart"

status_is() { health | grep -q "\"status\": *\"$1\""; }
qrngctl drbg set grace-seconds=3600 >/dev/null
host emu fault dead 0xf >/dev/null
check "the card dies, and the generator may go on: /health says so" wait_for 30 status_is grace
is "$(wget -q -O - "$url/v1/random?bytes=5000" | wc -c)" 5000 "and bytes flow"
host emu faults clear >/dev/null
check "the card recovers: /health is good" wait_for 60 status_is healthy

kill -TERM $daemon
wait $daemon
is $? 0 "SIGTERM ends the daemon with exit code 0"
check "the module unloads behind it" unload_qrng
done_testing
