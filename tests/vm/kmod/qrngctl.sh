#!/bin/sh
# SPDX-License-Identifier: MIT
# qrngctl and the module: everything it shows, sets, lets be done and hears.
. /lib/tap.sh

work=$(mktemp -d)
name=quantis.0

# value KEY COMMAND...: one value out of its JSON, the first of that key; strings without quotes
value() {
	local key=$1
	shift
	qrngctl -j "$@" | sed "s/.*[{,]\"$key\":\([^,}]*\).*/\1/; s/\"//g"
}

# exits CODE TEXT COMMAND...: what it says stays in $work
exits() {
	local code=$1 text=$2
	shift 2
	"$@" >"$work/out" 2>"$work/err"
	is $? "$code" "$text"
}

says() { # FILE PATTERN TEXT
	grep -q -- "$2" "$work/$1" && ok "$3" || { not_ok "$3"; diag "$(cat "$work/$1")"; }
}

as_nobody() { su -s /bin/sh nobody -c "qrngctl $*"; }
heard() { grep -q -- "$1" "$work/monitor"; }
ready() { [ "$(value state drbg)" = ready ]; }

load_qrng
check "the generator is ready" wait_for 30 ready

# What is shown.
exits 0 "the overview" qrngctl
for word in generator pool source 'state  *ready' 'entropy claim  *768 of 1024' 'noise waiting' \
	'start-ups passed' 'next seed is worth  *[0-9]* bit'; do
	says out "$word" "it has: $word"
done
grep -q WARNING "$work/out" && not_ok "it warns" || ok "it warns of nothing"
says out 'because  *first' "and says why it was seeded"
exits 0 "the overview in JSON" qrngctl -j
says out '^{"drbg":{.*},"pool":{.*},"sources":\[{.*}\],"health":\[{.*}\],"stats":\[{.*}\],"warnings":\[\]}$' \
	"is whole"
is "$(wc -l <"$work/out")" 1 "and on one line"
exits 0 "the sources" qrngctl sources
says out "^$name  *healthy " "a line for each"
is "$(value name source $name) $(value name health $name) $(value name stats $name)" \
	"$name $name $name" "a source, its health, its statistics"
exits 0 "health of all" qrngctl health
says out 'repetition cutoff  *[0-9]* samples' "with the cut-offs"
exits 0 "the pool" qrngctl pool
says out 'bits in 24 to 31' "with each of its 32 pools"
is "$(qrngctl -j pool | tr -cd , | wc -c)" 34 "in JSON as well"
exits 0 "the generator for people" qrngctl drbg
says out 'reseed each  *60 seconds' "with its settings"
exits 0 "check" qrngctl check
exits 0 "an ordinary user may look" as_nobody

# What is set.
for setting in generator=aes256-ctr=aes256-ctr reseed-interval=10m=600 reseed-bytes=1MiB=1048576 \
	grace-seconds=1h=3600 grace-bytes=1KiB=1024 policy=error=error; do
	key=${setting%%=*} rest=${setting#*=}
	exits 0 "drbg set $key=${rest%=*}" qrngctl drbg set "$key=${rest%=*}"
	is "$(value "$(echo "$key" | tr - _)" drbg)" "${rest#*=}" "and it is so"
done
is "$(value grace_seconds drbg set grace_seconds=0 policy=block)" 0 "with -j what was set is shown"
for setting in quality=0.5=512 alpha=2^-25=25 modules=0-1=3 enabled=no=false enabled=yes=true; do
	key=${setting%%=*} rest=${setting#*=}
	exits 0 "source set $key=${rest%=*}" qrngctl source set $name "$key=${rest%=*}"
	is "$(value "$key" source $name)" "${rest#*=}" "and it is so"
done
qrngctl source set $name quality=768 alpha=30 modules=0xf
check "it is healthy with what it had before" wait_for 30 qrngctl check

# What is refused, and how.
exits 4 "alpha out of range" qrngctl source set $name alpha=99
says err 'alpha.*20 to 40' "the attribute and its range are named"
exits 4 "an interval out of range" qrngctl drbg set reseed-interval=0
says err 'reseed-interval.*1 to 86400' "the attribute and its range are named"
is "$(value reseed_interval drbg)" 600 "and nothing was set"
exits 4 "one of two out of range" qrngctl drbg set grace-seconds=5 reseed-bytes=1
says err 'reseed-bytes.*65536 or more' "the right one is named"
is "$(value grace_seconds drbg)" 0 "and the other was not set either"
exits 3 "an unknown source" qrngctl source set nosuch alpha=30
says err "\"nosuch\"; there is $name" "named, with what there is"
exits 3 "an unknown source's test" qrngctl source test nosuch
for command in 'drbg set policy=block' 'drbg reseed' "source set $name alpha=30" "source reset $name" \
	"source test $name"; do
	exits 6 "an ordinary user: $command" as_nobody "$command"
	says err CAP_NET_ADMIN "what is missing is named"
done

# What is done and heard.
qrngctl -j monitor >"$work/monitor" &
monitor=$!
qrngctl monitor >"$work/lines" &
lines=$!
check "the monitor listens" wait_for 10 heard '"kind":"listening"'
before=$(value generation drbg)
reseeds() { qrngctl drbg reseed 2>"$work/err" && [ "$(value generation drbg)" -gt "$before" ]; }
check "a reseed" wait_for 30 reseeds
check "is heard with its reason" wait_for 10 heard '"kind":"reseed".*"reseed_reason":"request"'
exits 0 "drbg set is heard" qrngctl drbg set policy=block
check "with its kind" wait_for 10 heard '"kind":"drbg-config"'
exits 0 "a source's test" qrngctl source test $name
says out "^$name: test passed\$" "is passed"
is "$(value tests health $name) $(value test_failures health $name)" "1 0" "and counted"
check "and heard" wait_for 10 heard '"kind":"test-passed".*"source":"quantis.0"'
exits 0 "a source's reset" qrngctl source reset $name
check "is healthy again" wait_for 30 qrngctl check

# The card goes mad while it rests, when nothing is read of it but by the test; or by the
# look at it each 10 s, which then comes first: so more than one try.
rests() {
	local before
	before=$(value raw_bytes stats $name)
	sleep 1
	qrngctl check && [ "$(value raw_bytes stats $name)" = "$before" ]
}
mad_test() {
	host emu faults clear >/dev/null
	qrngctl source reset $name
	wait_for 30 rests && host emu fault stuck 0x5a5a5a5a >/dev/null
	qrngctl -j source test $name >"$work/out" 2>"$work/err"
	[ $? = 5 ]
}
check "a test of a card that is stuck: exit code 5" wait_for 60 mad_test
says out "^{\"name\":\"$name\",\"test\":\"failed\"}\$" "it fails"
check "and is heard" wait_for 10 heard '"kind":"test-failed"'
unhealthy() { ! qrngctl check; }
check "check tells" wait_for 30 unhealthy
exits 0 "the overview" qrngctl
says out "^WARNING: .*" "warns"
says out "^WARNING: source $name is not healthy" "of the source by name"
host emu faults clear >/dev/null
qrngctl source reset $name
check "and it comes back without waiting" wait_for 30 qrngctl check
qrngctl source set $name enabled=no
exits 4 "a test of a source that is switched off" qrngctl source test $name
says err 'kernel: [a-z]' "is refused in words"
qrngctl source set $name enabled=yes
check "switched on it is healthy" wait_for 30 qrngctl check

# Who is too slow goes on, none the worse.
heard_slowly() { grep -q -- "$1" "$work/slow"; }
slow_monitor() {
	qrngctl -j monitor >"$work/slow" &
	slow=$!
	wait_for 10 heard_slowly '"kind":"listening"'
}
with_small_ears slow_monitor || not_ok "another monitor listens"
kill -STOP "$slow"
check "a reader that has stopped misses events" overwhelm "$slow"
kill -CONT "$slow"
check "when it goes on it is told so" wait_for 30 heard_slowly '"kind":"lost-events"'
exits 0 "what comes then" qrngctl source test $name
check "is heard" wait_for 30 heard_slowly '"kind":"test-passed"'
kill -TERM "$slow"
wait "$slow"
is $? 0 "and it ends well"

# It outlives the module.
check "the module unloads under its ears" unload_qrng
check "that is heard" wait_for 10 heard '"kind":"module-unloaded"'
exits 2 "others say that there is no module" qrngctl
load_qrng
twice() { [ "$(grep -c '"kind":"listening"' "$work/monitor")" = 2 ]; }
check "the new one is listened to" wait_for 10 twice
after_load() { sed '1,/module-unloaded/d' "$work/monitor" | grep -q '"kind":"source-state"'; }
check "and heard" wait_for 30 after_load
check "it is ready" wait_for 30 ready
kill -INT $monitor
wait $monitor
is $? 0 "SIGINT ends the monitor well"
kill -TERM $lines
wait $lines
is $? 0 "SIGTERM, too"
is "$(grep -vcE '^[{]"time":"[0-9-]*T[0-9:.]*Z","kind":"[a-z-]*".*[}]$' "$work/monitor")" 0 \
	"every line was an object with time and kind"
is "$(grep -vcE '^[0-9]{4}-[0-9-]* [0-9:]*\.[0-9]{3} [a-z0-9.]* [a-z-]*' "$work/lines")" 0 \
	"every line for people had time, name and kind"

# Again and again.
exits 0 "watch on a terminal ends with Ctrl-C" onpty 3 generator qrngctl watch -n 0.1
is "$(tr '\033' '\n' <"$work/out" | grep -c '^\[H')" "$(tr '\033' '\n' <"$work/out" | grep -c '^\[J')" \
	"each time it goes to the top, and clears what is below"
[ "$(grep -c "$(printf '\033\\[H')" "$work/out")" -ge 2 ] && ok "again and again" ||
	not_ok "it did not draw anew"
qrngctl watch -n 0.1 >"$work/watch" &
watch=$!
often() { [ "$(grep -c '^generator$' "$work/watch")" -gt 2 ]; }
check "watch shows it again and again" wait_for 30 often
# Not while it is in the middle of a request.
check "the module unloads" wait_for 10 unload_qrng
check "and says when the module is gone" wait_for 10 grep -q 'is not loaded' "$work/watch"
kill -INT $watch
wait $watch
is $? 0 "SIGINT ends it well"
grep -q "$(printf '\033')" "$work/watch" && not_ok "it drew" || ok "without a terminal it draws nothing"
done_testing
