#!/bin/sh
# SPDX-License-Identifier: MIT
# Whatever way a source came back, its health tests are armed: noise that is stuck after that is
# caught as it is at first. That a recovery left a test asleep has happened to others.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg/state
card=/sys/class/qrng/quantis.0
driver=/sys/bus/pci/drivers/qrng_quantis

value() { cat "$card/$1"; }
value_is() { [ "$(value "$1")" = "$2" ]; }
value_beyond() { [ "$(value "$1")" -gt "$2" ]; }
source_is() { value_is state "$1"; }
nothing_comes() { [ "$(devio nonblock /dev/qrng_drbg 16)" = errno=EAGAIN ]; }
in_service() { source_is healthy && grep -qx ready $drbg; }
not_healthy() { ! source_is healthy; }
steer() { qrngctl source "$@" >/dev/null; }
seen() { diag "$(value state) $(value reason) $(value errno) failures=$(value failures)"; }

# A reader who never has enough, so that the card is read all the time.
readers() {
	while :; do
		cat /dev/hwrng >/dev/null 2>&1
		sleep 0.1
	done
}

stuck() { host emu fault stuck 0x5a5a5a5a >/dev/null; }
clear() { host emu faults clear >/dev/null; }

# The ways back. Each leaves the source in service.
first_start() {
	echo "$slot" >$driver/unbind
	echo "$slot" >$driver/bind
}

# By chance, so to say: noise that fails at the intermittent level alone now and then.
validation() {
	steer set quantis.0 quality=1024 alpha=20 && wait_for 20 in_service || return 1
	while :; do
		host emu fault bias 590 >/dev/null
		wait_for 120 a_burst_was_dropped || return 1
		clear
		value_is health/permanent "$permanent" && break
		# That was more than a glitch: once more, from the start.
		steer reset quantis.0
		wait_for 20 in_service || return 1
		permanent=$(value health/permanent) intermittent=$(value health/intermittent)
	done
	steer set quantis.0 quality=768 alpha=30
}
a_burst_was_dropped() {
	value_beyond health/intermittent "$intermittent" || value_beyond health/permanent "$permanent"
}

recovery() {
	host emu fault dead 0xf >/dev/null
	wait_for 20 not_healthy || return 1
	clear
}

half_open() {
	host emu fault dead 0xf >/dev/null
	wait_for 60 source_is open || return 1
	clear
}

rest() {
	steer set quantis.0 enabled=no && steer set quantis.0 enabled=yes
}

claim() { steer set quantis.0 quality=700; }
alpha() { steer set quantis.0 alpha=25; }
modules() { steer set quantis.0 modules=0x7; }
demand() { steer test quantis.0; }
reset() { steer reset quantis.0; }

resume() {
	echo devices >/sys/power/pm_test
	echo mem >/sys/power/state
}

# caught WAY [SECONDS]: goes that way, then the card is stuck.
caught() {
	permanent=$(value health/permanent) intermittent=$(value health/intermittent)
	$1 || { diag "no way: $1"; seen; return 1; }
	wait_for "${2:-30}" in_service || { diag "not back"; seen; return 1; }
	permanent=$(value health/permanent)
	stuck
	wait_for 30 value_is reason permanent || { diag "not caught"; seen; return 1; }
	value_beyond health/permanent "$permanent" || { diag "not counted"; return 1; }
	wait_for 10 nothing_comes || { diag "bytes"; return 1; }
	clear
	steer reset quantis.0
	wait_for 30 in_service || { diag "not well again"; seen; return 1; }
}

load_qrng
check "the source is in service" wait_for 30 in_service
slot=$(basename "$(readlink -f $card/device)")
qrngctl drbg set grace-seconds=0
readers &

check "stuck after the first start: caught" caught first_start
check "stuck after a glitch and a start-up test: caught" caught validation
check "stuck after a failure and a recovery: caught" caught recovery
check "stuck after the circuit was open: caught" caught half_open 100
check "stuck after it was off: caught" caught rest
check "stuck after another claim: caught" caught claim
check "stuck after another alpha: caught" caught alpha
check "stuck after other modules: caught" caught modules
check "stuck after a test on demand: caught" caught demand
check "stuck after a reset: caught" caught reset
check "stuck after the machine slept: caught" caught resume
kill $!
done_testing
