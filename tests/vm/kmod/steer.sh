#!/bin/sh
# SPDX-License-Identifier: MIT
# What an operator can do with a source: rest it, choose modules, claim and alpha, test it on demand,
# close its circuit; and that each is refused where it makes no sense.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg/state
card=/sys/class/qrng/quantis.0

value() { cat "$card/$1"; }
value_is() { [ "$(value "$1")" = "$2" ]; }
source_is() { value_is state "$1"; }
generator_is() { grep -qx "$1" $drbg; }
hwrng_has_it() { grep -qw quantis.0 /sys/class/misc/hw_random/rng_available; }
hwrng_lost_it() { ! hwrng_has_it; }
modules() { host_get MX_SR emu state; }
reads() { host_get reads.total emu count; }
steer() { qrngctl source "$@" 2>/tmp/said; }

# refused STATUS WORD COMMAND...: with that exit code, and WORD in the message
refused() {
	local status=$1 word=$2
	shift 2
	steer "$@"
	[ $? -eq "$status" ] && grep -q "$word" /tmp/said || { cat /tmp/said; return 1; }
}

# A test on demand that comes to a bad end has an exit code of its own.
fails() {
	steer "$@"
	[ $? -eq 5 ] || { cat /tmp/said; return 1; }
}

# A reader who never has enough, so that the card is read all the time.
readers() {
	touch /tmp/reading
	while [ -e /tmp/reading ]; do
		timeout 1 cat /dev/hwrng >/dev/null 2>&1
		sleep 0.1
	done &
}

enough() {
	rm -f /tmp/reading
	wait_for 30 nobody_reads
}

nobody_reads() { ! pidof cat >/dev/null; }

# A stuck source is caught whatever was done to it, and comes back.
caught() {
	host emu fault stuck 0x5a5a5a5a >/dev/null
	readers
	wait_for 30 value_is reason permanent || { seen; return 1; }
	enough || return 1
	host emu faults clear >/dev/null
	steer reset quantis.0 && wait_for 30 source_is healthy && wait_for 30 generator_is ready || { seen; return 1; }
}

seen() { diag "$(value state) $(value reason) $(value errno) failures=$(value failures)"; }

bursts_dropped_beyond() { [ $(($(value health/intermittent) + $(value health/permanent))) -gt "$1" ]; }
idle() {
	local before
	before=$(value stats/raw_bytes)
	sleep 1
	value_is stats/raw_bytes "$before"
}
tested() { [ "$(value health/startup_left)" -gt 0 ]; }
raw_beyond() { [ "$(value stats/raw_bytes)" -gt "$1" ]; }

rests() {
	local before
	before=$(reads)
	sleep 2
	[ "$(reads)" = "$before" ]
}

load_qrng
check "the generator is ready" wait_for 30 generator_is ready
qrngctl drbg set grace-seconds=0
qrngctl monitor >/tmp/events 2>&1 &
monitor=$!

# --- on and off
check "it can be switched off" steer set quantis.0 enabled=no
is "$(value state) $(value reason) $(value enabled)" "disabled operator 0" "and says so"
is "$(modules)" 0xc0c0c0c0 "its modules are off"
check "hwrng loses it" wait_for 20 hwrng_lost_it
check "nobody reads the card" rests
is "$(cat $drbg)" stalled "the generator is without a source"
is "$(devio nonblock /dev/qrng_drbg 16)" errno=EAGAIN "and gives nothing"
check "no test of what is off" refused 4 disabled test quantis.0
check "nor a reset" refused 4 disabled reset quantis.0
check "what works later can be chosen" steer set quantis.0 modules=0x3
is "$(value state)" disabled "it stays off"
check "it can be switched on" steer set quantis.0 enabled=yes
check "and is tested and used again" wait_for 20 generator_is ready
is "$(value enabled) $(value failures)" "1 0" "without a past"
check "hwrng has it again" wait_for 20 hwrng_has_it
is "$(value modules_working) $(modules)" "0x3 0xc0c0c2c2" "with the modules that were chosen"
check "a stuck source is caught after that" caught

# --- modules
check "no mask without a module of the card" refused 4 modules set quantis.0 modules=0x10
is "$(value modules)" 0x3 "which changes nothing"
check "all modules" steer set quantis.0 modules=0xf
check "work again" wait_for 20 value_is modules_working 0xf
check "it is healthy" wait_for 20 source_is healthy
host emu fault dead 0x2 >/dev/null
check "one that fails is switched off" wait_for 20 value_is modules_working 0xd
is "$(value state) $(value stats/module_failures)" "healthy 1" "the others go on"
host emu faults clear >/dev/null
check "a restart tries it again" steer reset quantis.0
check "it works again" wait_for 20 value_is modules_working 0xf
check "it is healthy" wait_for 20 source_is healthy

# --- what the operator lets hwrng think of it is not its claim, and stays through restarts
check "hwrng has it" wait_for 20 hwrng_has_it
echo 100 >/sys/class/misc/hw_random/rng_quality
check "a reset" steer reset quantis.0
check "ends in health" wait_for 20 source_is healthy
check "hwrng has it still" hwrng_has_it
is "$(cat /sys/class/misc/hw_random/rng_quality)" 100 "with the quality it was given there"

# --- claim and alpha
is "$(value health/rct_cutoff) $(value health/rct_cutoff_permanent) $(value health/apt_cutoff) $(value health/apt_cutoff_permanent)" \
	"6 11 31 44" "cut-offs of 6 bits a byte, alpha 30"
passes=$(value health/startup_passes)
starts=$(value stats/starts)
check "another claim" steer set quantis.0 quality=1024
check "is tested for" wait_for 20 source_is healthy
is "$(value quality) $(value health/startup_passes) $(value stats/starts)" "1024 $((passes + 1)) $starts" \
	"by a start-up test, without a reset"
check "another alpha" steer set quantis.0 alpha=20
check "is tested with" wait_for 20 source_is healthy
is "$(value alpha) $(value health/startup_passes)" "20 $((passes + 2))" "by one, too"
is "$(value health/rct_cutoff) $(value health/rct_cutoff_permanent) $(value health/apt_cutoff) $(value health/apt_cutoff_permanent)" \
	"4 6 13 19" "cut-offs of 8 bits a byte, alpha 20"
check "hwrng has it still" wait_for 20 hwrng_has_it
check "what is set already" steer set quantis.0 alpha=20 quality=1024
is "$(value health/startup_passes)" $((passes + 2)) "changes nothing"
check "a stuck source is caught after that" caught
# Noise worth 5.3 bits a byte does not meet a claim of 8, but one of 5.
dropped=$(($(value health/intermittent) + $(value health/permanent)))
host emu fault bias 630 >/dev/null
readers
check "noise worth less is caught" wait_for 60 bursts_dropped_beyond "$dropped"
check "the old claim" steer set quantis.0 quality=640 alpha=30
steer reset quantis.0
check "is met by that noise" wait_for 30 source_is healthy
raw=$(value stats/raw_bytes)
check "and goes on being met" wait_for 30 raw_beyond $((raw + 50000))
is "$(value state) $(value failures)" "healthy 0" "without a failure"
enough
host emu faults clear >/dev/null
check "out of range is refused" refused 4 "20 to 40" set quantis.0 alpha=41
check "so is the claim" refused 4 "64 to 1024" set quantis.0 quality=63

# --- test on demand
passes=$(value health/startup_passes)
check "a test on demand passes" steer test quantis.0
is "$(value health/tests) $(value health/test_failures) $(value health/startup_passes) $(value state)" \
	"1 0 $passes healthy" "while the source is in service"
check "a stuck source is caught after that" caught
# The noise for the reserve must not tell first, nor the look at a card that rests, each 10 s: that
# may still come in between, so more than one try.
fails_idle() {
	host emu faults clear >/dev/null
	steer reset quantis.0
	wait_for 30 source_is healthy && wait_for 60 idle || return 1
	host emu fault "$@" >/dev/null
	fails test quantis.0
}
check "a test of a stuck source fails" wait_for 60 fails_idle stuck 0x5a5a5a5a
is "$(value health/tests) $(value health/test_failures)" "2 1" "and is counted"
check "and takes it out of service" wait_for 20 value_is reason permanent
host emu faults clear >/dev/null
steer reset quantis.0
check "until the next start" wait_for 20 source_is healthy
check "so does one without noise" wait_for 60 fails_idle starve on
host emu faults clear >/dev/null
# What the start after it finds is another test. The test may be over, or refused because a look came
# first, before it is seen: so more than one try.
under_way() {
	host emu faults clear >/dev/null
	steer reset quantis.0
	wait_for 30 source_is healthy && wait_for 60 idle || return 1
	tests=$(value health/tests) test_failures=$(value health/test_failures)
	rm -f /tmp/status
	host emu fault starve on >/dev/null
	{ qrngctl source test quantis.0 >/dev/null 2>&1; echo $? >/tmp/status; } &
	until tested; do
		[ ! -s /tmp/status ] || return 1
	done
}
tries=1
until under_way || [ $tries = 20 ]; do
	tries=$((tries + 1))
done
[ $tries -lt 20 ] && ok "a test is under way" || not_ok "no test is under way"
check "a reset takes the source out of service" steer reset quantis.0
host emu faults clear >/dev/null
wait_for 20 test -s /tmp/status
is "$(cat /tmp/status) $(value health/tests) $(value health/test_failures)" \
	"5 $((tests + 1)) $((test_failures + 1))" "and the test was not passed"

# --- the circuit
host emu fault dead 0xf >/dev/null
check "five failures open the circuit" wait_for 60 source_is open
is "$(value reason) $(value errno) $(value failures)" "hardware 5 5" "for a reason"
[ "$(value retry_ms)" -gt 30000 ] && ok "the wait that is left shows" || not_ok "the wait that is left shows"
check "no test of what has failed" refused 4 failed test quantis.0
host emu faults clear >/dev/null
check "a reset closes it" steer reset quantis.0
check "at once" wait_for 20 source_is healthy
is "$(value failures) $(value retry_ms)" "0 0" "without a past"

for event in source-config test-passed test-failed module-failed health-permanent source-state; do
	check "there was an event: $event" wait_for 10 grep -q $event /tmp/events
done
kill $monitor
check "no source, no steering" refused 3 quantis.9 reset quantis.9
done_testing
