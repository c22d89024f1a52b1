#!/bin/sh
# SPDX-License-Identifier: MIT
# The end comes while readers wait: for the generator, for an event, for /dev/hwrng. Each time
# they must be let go with ENODEV, whether the card is pulled or the driver taken away.
. /lib/tap.sh

ROUNDS=${rounds:-50}
driver=/sys/bus/pci/drivers/qrng_quantis
state=/sys/class/qrng/quantis.0/state

hwrng_is_ours() { [ "$(cat /sys/class/misc/hw_random/rng_current)" = quantis.0 ]; }
plugged() { grep -l 0x179a /sys/bus/pci/devices/*/vendor; }
failing() { ! grep -qx healthy $state; }
source_gone() { [ ! -e $state ]; }

# All modules dead: the source fails at once and loses its reserve, and whoever asks waits.
card_dies() {
	wait_for 20 hwrng_is_ours || { diag "no source"; return 1; }
	host emu fault dead 0xf >/dev/null
	wait_for 20 failing || { diag "the source does not fail"; return 1; }
}

readers_start() {
	devio read /dev/qrng_drbg 16 >/tmp/read &
	devio poll /dev/qrng_drbg -1 >/tmp/poll &
	hwrng_reader_start
}

hwrng_reader_start() {
	devio read /dev/hwrng 32 >/tmp/hwrng &
}

asleep() {
	local pid count=0
	for pid in $(pidof devio); do
		grep -q '^State:.[SD]' "/proc/$pid/status" && count=$((count + 1))
	done
	[ $count -eq "$1" ]
}

answers() { cat /tmp/read /tmp/poll /tmp/hwrng | xargs; }

all_out() { ! pidof devio >/dev/null; }

LET_GO="errno=ENODEV events=POLLERR|POLLHUP errno=ENODEV"

# Each step says what went wrong; the round is one result at the end.
pull_round() {
	host emu faults clear >/dev/null
	host qmp plug >/dev/null || { diag "plug"; return 1; }
	card_dies || return 1
	readers_start
	wait_for 20 asleep 3 || { diag "readers do not wait: $(answers)"; return 1; }
	host emu close >/dev/null
	wait_for 20 all_out || { diag "readers hang: $(answers)"; return 1; }
	[ "$(answers)" = "$LET_GO" ] || { diag "readers got: $(answers)"; return 1; }
	host qmp unplug >/dev/null || { diag "unplug"; return 1; }
	wait_for 20 source_gone || { diag "the source stays"; return 1; }
}

unload_round() {
	host emu faults clear >/dev/null
	load_qrng && no_grace || { diag "load"; return 1; }
	card_dies || return 1
	readers_start
	wait_for 20 asleep 3 || { diag "readers do not wait: $(answers)"; return 1; }
	rmmod qrng 2>/dev/null && { diag "unloaded under open files"; return 1; }
	echo "$address" >$driver/unbind
	wait_for 20 all_out || { diag "readers hang: $(answers)"; return 1; }
	[ "$(answers)" = "$LET_GO" ] || { diag "readers got: $(answers)"; return 1; }
	unload_qrng || { diag "unload"; return 1; }
}

hwrng_round() {
	host emu faults clear >/dev/null
	load_qrng || { diag "load"; return 1; }
	card_dies || return 1
	hwrng_reader_start
	wait_for 20 asleep 1 || { diag "the reader does not wait"; return 1; }
	unload_qrng || { diag "unload"; return 1; }
	wait_for 20 all_out || { diag "the reader hangs"; return 1; }
	[ "$(cat /tmp/hwrng)" = errno=ENODEV ] || { diag "the reader got: $(cat /tmp/hwrng)"; return 1; }
}

rounds() {
	local round=0
	while [ $round -lt "$ROUNDS" ]; do
		round=$((round + 1))
		$1 || { diag "round $round"; return 1; }
	done
}

repeat() {
	rounds "$1" && ok "$2, $ROUNDS times" || not_ok "$2, $ROUNDS times"
}

load_qrng
no_grace
repeat pull_round "the card is pulled under waiting readers"
unload_qrng
host qmp plug >/dev/null
check "the card is back in its slot" wait_for 20 plugged
address=$(basename "$(dirname "$(plugged)")")
repeat unload_round "the driver is taken away under waiting readers"
repeat hwrng_round "the module is unloaded under a reader of /dev/hwrng"
done_testing
