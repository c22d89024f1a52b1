#!/bin/sh
# SPDX-License-Identifier: MIT
# The guest's part of http.t: the daemon on the module with a card. What befalls the card reaches
# /v1/events, /readyz and /metrics, and the daemon outlives the module.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg
url=http://127.0.0.1:8080
log=/tmp/qrngd.log
events=/tmp/events

ready() { wget -q -O /dev/null $url/readyz; }
unready() { ! ready; }
metric() { wget -q -O - $url/metrics | sed -n "s/^$1 //p"; }
counted() { [ "$(metric "qrngd_events_total{kind=\"$1\"}")" -gt "$2" ]; }
heard() { grep -q "$1" $events; }
logged() { grep -q "$1" $log; }
asked_for() { [ "$(metric "qrngd_http_requests_total{path=\"\",status=\"4xx\"}")" -ge "$1" ]; }
between() { sed -n "s/.*$1=\([0-9]*\) .*$2=\([0-9]*\).*/\1 \2/p" /tmp/watched | { read -r from to; echo $((to - from)); }; }

check "the module loads" load_qrng
no_grace
check "the generator is ready" wait_for 30 grep -qx ready $drbg/state
qrngd --listen 0.0.0.0:8080 --engine device --threads 2 --raw-rate 1 --raw-burst 30000 2>$log &
daemon=$!
check "qrngd answers" wait_for 30 ready
check "and listens to the module" logged "event: listening"
wget -q -O - $url/v1/events >$events &
listener=$!

# From here the client outside asks; it says that it is done by asking for what is not there.
used=$(cat /sys/class/qrng/quantis.0/stats/used_bytes)
diag "serving"
check "the client outside is done" wait_for 120 asked_for 1
used=$(($(cat /sys/class/qrng/quantis.0/stats/used_bytes) - used))
[ $used -ge 20000 ] && ok "raw noise came from the card" || not_ok "only $used bytes came from it"

readywatch 8080 '"drbg_state":"no-source"' >/tmp/watched &
watcher=$!
check "a client watches" wait_for 30 grep -q watching /tmp/watched
host emu close >/dev/null
wait $watcher
is $? 0 "the card is pulled: events tell, /readyz fails"
diag "$(tail -n 1 /tmp/watched)"
took=$(between event ready)
[ "$took" -le $((100 * LAB_FACTOR)) ] && ok "/readyz follows within 100 ms: $took ms" ||
	not_ok "/readyz follows only after $took ms"
took=$(between event heard)
[ "$took" -le $((100 * LAB_FACTOR)) ] && ok "and the event is heard within 100 ms: $took ms" ||
	not_ok "the event is heard only after $took ms"
check "another client has heard it, too" wait_for 10 heard '"source":"quantis.0","source_state":"gone"'
check "it is counted" counted drbg-state 0
check "and logged" wait_for 10 logged "event: quantis.0 source-state: state gone"
is "$(metric 'qrngd_drbg_state{state="no-source"}')" 1 "/metrics has the generator's state"
is "$(metric qrngd_ready)" 0 "and that there is nothing to be had"
wget -q -O /dev/null "$url/v1/random?source=raw" 2>/dev/null && not_ok "noise without a source" ||
	ok "no noise without a source"

check "the module unloads under the daemon" unload_qrng
check "which tells that" wait_for 10 heard '"kind":"module-unloaded"'
host qmp unplug >/dev/null
check "the module is loaded again" load_qrng
check "which is told, too" wait_for 10 heard '"kind":"listening"'
no_grace
host qmp plug >/dev/null
check "a card is plugged in: bytes again, without a restart" wait_for 30 ready
check "and events" wait_for 10 heard '"kind":"source-added".*"source":"quantis.0"'
is "$(wget -q -O - "$url/v1/random?bytes=5000" | wc -c)" 5000 "5000 bytes"

# Under load the module goes and comes back; what is lost meanwhile is said, not made up.
(while :; do wget -q -O /dev/null "$url/v1/random?bytes=300000"; done) 2>/dev/null &
load=$!
unload_when_idle() { qrngctl source set quantis.0 enabled=no; unload_qrng; }
check "its source switched off, the module unloads under load" wait_for 60 unload_when_idle
sleep 1
check "it is loaded again" load_qrng
check "and serves again" wait_for 30 ready
kill $load

# A daemon that has stopped misses events, and says so when it goes on.
kill -STOP $daemon
dropped() {
	qrngctl drbg set policy=block
	awk -v port=$daemon '$3 == port && $9 > 0 { found = 1 } END { exit !found }' /proc/net/netlink
}
check "a daemon that has stopped misses events" wait_for 120 dropped
kill -CONT $daemon
check "when it goes on it tells so" wait_for 30 heard '"kind":"lost-events"'
check "in its log, too" logged "event: lost-events"
before=$(metric 'qrngd_events_total{kind="drbg-config"}')
qrngctl drbg set policy=block
check "and hears what comes then" wait_for 30 counted drbg-config "$before"

kill -TERM $daemon
wait $daemon
is $? 0 "SIGTERM ends the daemon with exit code 0"
wait $listener
is $? 0 "and those who listen to events see a proper end"
grep -v drbg-config $log | sed 's/^/# /'
check "the module unloads behind it" unload_qrng
done_testing
