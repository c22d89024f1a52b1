#!/bin/sh
# SPDX-License-Identifier: MIT
# The daemon with engine = auto: it begins without the module, moves to it when it comes and back
# when it goes, and nobody who asks is refused on the way. A reseed of the module reaches each of
# its threads before the next answer.
. /lib/tap.sh

url=http://127.0.0.1:8080
log=/tmp/qrngd.log
events=/tmp/events

ready() { wget -q -O /dev/null $url/readyz; }
engine() { wget -q -S -O /dev/null "$url/v1/random?bytes=1" 2>&1 | tr -d '\r' | sed -n 's/^ *QRNG-Engine: //p'; }
source_of() { wget -q -S -O /dev/null "$url/v1/random?bytes=1" 2>&1 | tr -d '\r' | sed -n 's/^ *QRNG-Source: //p'; }
engine_is() { [ "$(engine)" = "$1" ]; }
heard() { grep -q "$1" $events; }
logged() { grep -q "$1" $log; }
reseed() { qrngctl drbg reseed; }

qrngd --listen 0.0.0.0:8080 --engine auto --threads 2 2>$log &
daemon=$!
check "without a module the daemon answers" wait_for 30 ready
is "$(engine)" embedded "from the embedded engine"
is "$(source_of)" kernel "and says that the kernel gives the seeds"
check "which is in the log" logged "engine: embedded (auto: "
wget -q -O - $url/v1/events >$events &
listener=$!

# Whoever asks all the time is answered all the time.
touch /tmp/load
(while [ -e /tmp/load ]; do
	wget -q -O /dev/null "$url/v1/random?bytes=200000" || echo failed
	echo asked
done) >/tmp/asked 2>&1 &
load=$!

check "the module loads" load_qrng
no_grace
check "the daemon moves to it, without a restart" wait_for 60 engine_is device
is "$(source_of)" quantis.0 "and names the card"
check "listeners are told" wait_for 10 heard '"kind":"engine-device"'
check "and that the module is heard" wait_for 10 heard '"kind":"listening"'
check "the log has both" wait_for 10 logged "event: engine-device"

genwatch 8080 10 >/tmp/genwatch &
watcher=$!
seen_to_move() { reseed; [ -s /tmp/genwatch ]; }
check "the generation is seen to move 10 times" wait_for 120 seen_to_move
wait $watcher
is $? 0 "no answer is of an older generation than the module's before its request"
diag "$(cat /tmp/genwatch)"

host emu close >/dev/null
check "the card is pulled: the embedded engine goes on" wait_for 30 engine_is embedded
check "listeners are told" wait_for 10 heard '"kind":"engine-embedded"'
check "the module unloads" wait_for 30 unload_qrng
check "which is told" wait_for 10 heard '"kind":"module-unloaded"'
is "$(engine)" embedded "and the embedded engine goes on"
host qmp unplug >/dev/null
check "the module is loaded again, without a card" load_qrng
sleep 1
is "$(engine)" embedded "a module without a source is no engine"
host qmp plug >/dev/null
check "a card is plugged in: the daemon moves to it" wait_for 60 engine_is device

rm /tmp/load
wait $load
is "$(grep -c failed /tmp/asked)" 0 "of all that asked meanwhile none was refused"
asked=$(grep -c asked /tmp/asked)
[ "$asked" -ge 20 ] && ok "$asked times" || not_ok "they asked only $asked times"

# A source that is there and has failed is the module's matter: nothing stands in for it.
no_grace
qrngctl source set quantis.0 enabled=no
check "the card is switched off: no bytes" wait_for 10 engine_is ""
check "but the module can go" wait_for 10 unload_qrng
check "and then there are bytes again" wait_for 10 engine_is embedded

kill -TERM $daemon
wait $daemon
is $? 0 "SIGTERM ends the daemon with exit code 0"
wait $listener
grep -v drbg-config $log | sed 's/^/# /'
done_testing
