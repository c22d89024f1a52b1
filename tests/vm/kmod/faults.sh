#!/bin/sh
# SPDX-License-Identifier: MIT
# Each thing a card can do wrong: what becomes of the source and of the generator, and how both
# come back when the fault is gone.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg/state
card=/sys/class/qrng/quantis.0
driver=/sys/bus/pci/drivers/qrng_quantis

source_is() { grep -qx "$1" $card/state; }
generator_is() { grep -qx "$1" $drbg; }
generation() { cat /sys/class/qrng/drbg/generation; }
generation_beyond() { [ "$(generation)" -gt "$1" ]; }

# Takes what is in the reserve, so that the driver has to read the card now.
drain() { timeout 1 dd if=/dev/hwrng of=/dev/null bs=64 count=256 2>/dev/null; true; }

stops() {
	drain
	! source_is healthy && generator_is stalled
}

# A new source without a past: five failures in a row, whatever they are, make one rest.
rebind() {
	echo "$slot" >$driver/unbind
	echo "$slot" >$driver/bind
	wait_for 30 generator_is ready
}

# breaks NAME FAULT...: the source fails, nobody gets a byte, and everything comes back.
breaks() {
	local name=$1 before
	shift
	before=$(generation)
	host emu fault "$@" >/dev/null || not_ok "the emulator knows: $*"
	check "$name: the source fails, the generator stalls" wait_for 40 stops
	is "$(devio nonblock /dev/qrng_drbg 16)" errno=EAGAIN "$name: no bytes"
	is "$(devio poll /dev/qrng_drbg 0)" events=0 "$name: nothing to read"
	host emu faults clear >/dev/null
	check "$name: it recovers" wait_for 100 source_is healthy
	check "$name: with a fresh seed" wait_for 10 generation_beyond "$before"
	is "$(devio nonblock /dev/qrng_drbg 16)" bytes=16 "$name: bytes again"
	failures=$(cat $card/health/rct_failures) proportions=$(cat $card/health/apt_failures)
	rebind
}

load_qrng
no_grace
check "the generator is ready" wait_for 30 generator_is ready
slot=$(basename "$(readlink -f $card/device)")

breaks "stuck word" stuck 0x5a5a5a5a
[ "$failures" -gt 0 ] && ok "the repetition count test saw it" ||
	not_ok "the repetition count test is blind"
breaks "biased noise" bias 900
[ "$proportions" -gt 0 ] && ok "the adaptive proportion test saw it" ||
	not_ok "the adaptive proportion test is blind"
breaks "starved FIFO" starve on
breaks "FIFO error for ever" overflow on
breaks "all modules dead" dead 0xf
# Only a source that fails for another reason is reset, and meets this one then.
host emu fault hang-reset on >/dev/null
breaks "reset that hangs" dead 0xf

# A card that fails again and again is left alone for a minute, and says so.
host emu fault dead 0xf >/dev/null
check "dead for long: the circuit opens" wait_for 30 source_is open
host emu faults clear >/dev/null
sleep 5
check "and stays open, though the card is well" source_is open
check "bound again, it serves again" rebind

dead_one_is_off() {
	drain
	[ "$(host_get MX_SR emu state)" = 0xc2c240c2 ]
}
host emu fault dead 0x2 >/dev/null
check "one dead module of four is switched off" wait_for 20 dead_one_is_off
check "the others go on" source_is healthy
is "$(devio nonblock /dev/qrng_drbg 16)" bytes=16 "bytes flow"
host emu faults clear >/dev/null

host emu fault error-midburst on >/dev/null
drain
host emu faults clear >/dev/null
check "an overflow in mid-burst costs a burst, not the source" wait_for 10 source_is healthy

host emu fault gone on >/dev/null
check "all-ones: the card is gone" wait_for 10 source_is gone
is "$(devio nonblock /dev/qrng_drbg 16)" errno=ENODEV "no source is ENODEV"
is "$(devio poll /dev/qrng_drbg -1)" "events=POLLERR|POLLHUP" "and an error event"
unload_qrng
done_testing
