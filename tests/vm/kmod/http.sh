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
check "and listens to the module" wait_for 30 logged "event: listening"
wget -q -O - $url/v1/events >$events &
listener=$!

# From here the client outside asks; it says that it is done by asking for what is not there.
used=$(cat /sys/class/qrng/quantis.0/stats/used_bytes)
diag "serving"
check "the client outside is done" wait_for 120 asked_for 1
used=$(($(cat /sys/class/qrng/quantis.0/stats/used_bytes) - used))
[ $used -ge 20000 ] && ok "raw noise came from the card" || not_ok "only $used bytes came from it"

# The card is pulled while a client watches. Sets how long /readyz and the client took, in ms.
pull() {
	readywatch 8080 '"drbg_state":"no-source"' >/tmp/watched &
	watcher=$!
	wait_for 30 grep -q watching /tmp/watched || return 1
	host emu close >/dev/null
	wait $watcher || return 1
	diag "$(tail -n 1 /tmp/watched)"
	to_fail=$(between event ready) to_hear=$(between event heard)
}
put_in() { host qmp unplug >/dev/null && host qmp plug >/dev/null && wait_for 30 ready; }
prompt() { [ "$to_fail" -le 100 ] && [ "$to_hear" -le 100 ]; }
pull && ok "the card is pulled: events tell, /readyz fails" || not_ok "the card is pulled: they do not tell"
# A busy machine may keep anybody waiting just then: once in a few times it does not.
tries=1
until prompt || [ $tries = 20 ]; do
	tries=$((tries + 1))
	put_in && pull || break
done
[ "$to_fail" -le 100 ] && ok "/readyz follows within 100 ms: $to_fail ms" ||
	not_ok "/readyz follows only after $to_fail ms"
[ "$to_hear" -le 100 ] && ok "and the event is heard within 100 ms: $to_hear ms" ||
	not_ok "the event is heard only after $to_hear ms"
check "another client has heard it, too" wait_for 10 heard '"source":"quantis.0","source_state":"gone"'
check "it is counted" wait_for 10 counted drbg-state 0
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

kill -TERM $daemon
wait $daemon
is $? 0 "SIGTERM ends the daemon with exit code 0"
wait $listener
is $? 0 "and those who listen to events see a proper end"
sed 's/^/# /' $log

# A daemon that has stopped misses events, and says so when it goes on.
url=http://127.0.0.1:8081 log=/tmp/slow.log events=/tmp/slow.events
slow_daemon() {
	qrngd --listen 127.0.0.1:8081 --engine device --threads 2 2>$log &
	daemon=$!
	wait_for 30 logged "event: listening" && wait_for 30 ready
}
with_small_ears slow_daemon && ok "another daemon listens" || not_ok "another daemon does not listen"
wget -q -O - $url/v1/events >$events &
listener=$!
hears() { qrngctl drbg set policy=block && heard '"kind":"drbg-config"'; }
check "who asks for its events hears them" wait_for 30 hears
kill -STOP $daemon
check "a daemon that has stopped misses events" overwhelm $daemon
kill -CONT $daemon
check "when it goes on it tells so" wait_for 30 heard '"kind":"lost-events"'
check "in its log, too" wait_for 30 logged "event: lost-events"
check "what comes then" qrngctl source test quantis.0
check "is heard" wait_for 30 counted test-passed 0

kill -TERM $daemon
wait $daemon
is $? 0 "SIGTERM ends it, too"
wait $listener
sed 's/^/# /' $log
check "the module unloads behind it" unload_qrng
done_testing
