#!/bin/sh
# SPDX-License-Identifier: MIT
# A card that lies, under readers of everything: the module neither hangs nor complains, serves
# nothing that was not tested, and leaves in order. How long, and where the seeds start, comes
# with the kernel's arguments.
. /lib/tap.sh

DEVICES="/dev/qrng_drbg /dev/qrng_raw /dev/qrandom0 /dev/hwrng"
SPELL=10	# seconds with one seed and one loaded module

driver=/sys/bus/pci/drivers/qrng_quantis
card=/sys/class/qrng/quantis.0
drbg=/sys/class/qrng/drbg
stats=$card/stats

slot_of() { basename "$(dirname "$(grep -l 0x179a /sys/bus/pci/devices/*/vendor)")"; }

value() { cat "$1" 2>/dev/null || echo 0; }

# All that can be asked is asked, as people who look for the trouble do.
look_around() {
	cat $card/state $card/*/* $drbg/* >/dev/null 2>&1
	cat "/sys/bus/pci/devices/$slot/config" >/dev/null 2>&1
	qrngctl >/dev/null 2>&1
	qrngctl drbg >/dev/null 2>&1
}

# Taken from the hardware and tested, then used: read in the order that a counter that grows
# meanwhile can't spoil.
is_consistent() {
	local used raw generation
	generation=$(value $drbg/generation)
	if [ "$generation" -gt 0 ] && [ $((passed + $(value $card/health/startup_passes))) -eq 0 ]; then
		diag "seed $seed: a seed of generation $generation, but no start-up test was passed"
		return 1
	fi
	used=$(value $stats/used_bytes)
	raw=$(value $stats/raw_bytes)
	[ -e $stats/raw_bytes ] || return 0
	[ "$used" -le "$raw" ] && return 0
	diag "seed $seed: $used bytes used of $raw bytes read"
	return 1
}

# All ones mean that the card was pulled: somebody puts it in again. A spell of an odd seed
# waits for the next try of a card that failed, the others don't.
revive() {
	case $(value $card/state) in
	gone | 0) ;;
	failed | open) [ $((seed % 2)) -eq 0 ] || return 0 ;;
	*) return 0 ;;
	esac
	revived=$((revived + 1))
	passed=$((passed + $(value $card/health/startup_passes)))
	[ ! -e $card ] || echo "$slot" >$driver/unbind
	echo "$slot" >$driver/bind 2>/dev/null
}

spell() {
	local end=$(($(uptime_s) + SPELL)) good=yes
	passed=0
	host emu set hostile "$seed" >/dev/null
	load_qrng || return 1
	# shellcheck disable=SC2086  # one argument each
	crowd $SPELL "$seed" $DEVICES >/tmp/crowd &
	while [ "$(uptime_s)" -lt $end ]; do
		look_around
		is_consistent || good=no
		revive
		sleep 0.1
	done
	wait $! || { good=no; diag "seed $seed: $(cat /tmp/crowd)"; }
	passed=$((passed + $(value $card/health/startup_passes)))
	passed_all=$((passed_all + passed))
	unload_qrng || { good=no; diag "seed $seed: can not unload"; }
	[ $good = yes ]
}

hostile_seconds=${hostile_seconds:-60}
seed=${hostile_seed:-1}
last=$((seed + (hostile_seconds + SPELL - 1) / SPELL))
revived=0 passed_all=0 failures=

# The crowd must be able to tell.
crowd 1 1 /dev/zero >/tmp/crowd
is "$(grep ^wrong: /tmp/crowd)" "wrong: /dev/zero: stuck bytes were served" "stuck bytes would be seen"

slot=$(slot_of)
while [ "$seed" -lt "$last" ]; do
	[ $((seed % 2)) -eq 0 ] && config=on || config=off
	host emu set hostile-config "$config" >/dev/null
	spell || failures="$failures $seed"
	seed=$((seed + 1))
done
is "$failures" "" "$hostile_seconds seconds of lies do no harm"
diag "start-up tests passed: $passed_all; put in again: $revived times"
[ $passed_all -gt 0 ] && ok "the card was trusted now and then" || not_ok "the card was never trusted"

host emu set hostile off >/dev/null
check "the module loads again" load_qrng
check "an honest card serves again" wait_for 60 grep -qx ready $drbg/state
is "$(devio read /dev/qrng_drbg 100)" bytes=100 "bytes come"
check "the module unloads" unload_qrng
is "$(pidof quantis.0)" "" "no thread is left"
done_testing
