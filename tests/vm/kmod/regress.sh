#!/bin/sh
# SPDX-License-Identifier: MIT
# Defects that were found once, each with its name.
. /lib/tap.sh

card=/sys/class/qrng/quantis.0
drbg=/sys/class/qrng/drbg
driver=/sys/bus/pci/drivers/qrng_quantis

ready() { grep -qx ready $drbg/state; }
card_is() { grep -qx "$1" $card/state; }
hwrng_is_another() { ! grep -qx quantis.0 /sys/class/misc/hw_random/rng_current; }

rebind() {
	host emu faults clear >/dev/null
	echo "$slot" >$driver/unbind
	echo "$slot" >$driver/bind
	wait_for 30 ready
}

# A thread that did not run for seconds has learnt nothing about the card.
a_stalled_thread_is_no_silent_card() {
	local before after
	echo -1 >/proc/sys/kernel/sched_rt_runtime_us
	before=$(cat $card/stats/timeouts)
	cat /dev/hwrng >/dev/null &
	stall 3 && stall 3 && stall 3 || return 1
	kill $!
	after=$(cat $card/stats/timeouts)
	echo "time-outs: $before before, $after after; state $(cat $card/state)"
	[ "$after" = "$before" ] && card_is healthy
}

# All-ones for good is the end for /dev/hwrng, too, even if the driver is never told.
a_card_that_is_gone_leaves_hwrng() {
	host emu fault gone on >/dev/null
	wait_for 10 card_is gone && wait_for 10 hwrng_is_another
}

# The next try of a card that failed again and again may be half a minute away, or a whole one.
next_try_is_far() { [ "$(cat $card/retry_ms)" -gt 50000 ]; }
a_failed_card_that_is_pulled_is_gone() {
	local left
	host emu fault dead 0xf >/dev/null
	wait_for 60 next_try_is_far || return 1
	left=$((50 + $(uptime_s)))
	host emu fault gone on >/dev/null
	wait_for 2 card_is gone && [ "$(uptime_s)" -lt $left ]
}

# Of four pages drawn at once a reader sleeps on the second when the generation moves: that one is
# on its way, but the others might exist in a copy of the machine, and are drawn anew.
bytes_not_delivered_end_with_their_generation() {
	local before drawn reader
	rm -f /tmp/go /tmp/said
	mkfifo /tmp/go
	before=$(cat $drbg/output_bytes)
	sleeper /dev/qrng_drbg 0 wipe </tmp/go >/tmp/said &
	reader=$!
	exec 4>/tmp/go
	wait_for 60 grep -qx asleep /tmp/said || return 1
	wait_for 30 qrngctl drbg reseed 2>/dev/null || return 1
	echo go >&4
	exec 4>&-
	wait $reader || return 1
	drawn=$(($(cat $drbg/output_bytes) - before))
	echo "$drawn bytes were drawn for two reads of 16384"
	[ $drawn -eq 40960 ]
}

load_qrng
check "the generator is ready" wait_for 30 ready
check "bytes not delivered end with their generation" bytes_not_delivered_end_with_their_generation
slot=$(basename "$(readlink -f $card/device)")
check "a stalled thread is no silent card" a_stalled_thread_is_no_silent_card
check "a card that is gone leaves hwrng" a_card_that_is_gone_leaves_hwrng
check "bound again, it serves again" rebind
check "a failed card that is pulled is gone" a_failed_card_that_is_pulled_is_gone
check "bound again, it serves again" rebind
unload_qrng
done_testing
