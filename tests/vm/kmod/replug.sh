#!/bin/sh
# SPDX-License-Identifier: MIT
# The only card is pulled out and plugged in again and again, politely and by surprise, under readers
# of every device: who reads the generator notices nothing within the grace period, each time the
# source comes back as a new one, is tested and gives a fresh seed, and nothing is left behind.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg
card=/sys/class/qrng/quantis.0

rounds=${replug_rounds:-100}

ready() { grep -qx ready $drbg/state; }
in_grace() { grep -qx grace $drbg/state; }
source_there() { grep -qx healthy $card/state; }
source_gone() { [ ! -e $card ]; }
generation() { cat $drbg/generation; }
generation_beyond() { [ "$(generation)" -gt "$1" ]; }
slab_kb() { sed -n 's/^SUnreclaim: *\([0-9]*\) kB/\1/p' /proc/meminfo; }

pull() {
	# By surprise every other time: the driver notices before it is told.
	if [ $((round % 2)) = 0 ]; then
		host emu close >/dev/null || { diag "close"; return 1; }
		wait_for 20 in_grace || { diag "not noticed: $(cat $drbg/state)"; return 1; }
	fi
	host qmp unplug >/dev/null || { diag "unplug"; return 1; }
	wait_for 20 source_gone || { diag "the source stays"; return 1; }
	wait_for 20 in_grace || { diag "the generator is $(cat $drbg/state)"; return 1; }
	[ "$(devio nonblock /dev/qrng_drbg 16)" = bytes=16 ] || { diag "no grace"; return 1; }
}

plug() {
	local before
	before=$(generation)
	host qmp plug >/dev/null || { diag "plug"; return 1; }
	wait_for 30 source_there || { diag "the source does not come"; return 1; }
	[ "$(cat $card/health/startup_passes)" = 1 ] || { diag "not a new source"; return 1; }
	wait_for 20 ready || { diag "the generator is $(cat $drbg/state)"; return 1; }
	wait_for 20 generation_beyond "$before" || { diag "no fresh seed"; return 1; }
}

all_rounds() {
	round=0
	while [ $round -lt "$rounds" ]; do
		round=$((round + 1))
		pull && plug || { diag "round $round"; return 1; }
		[ $round -ne 10 ] || slab_early=$(slab_kb)
	done
}

load_qrng
check "the generator is ready" wait_for 30 ready
check "a grace period that lasts" qrngctl drbg set grace-seconds=3600 grace-bytes=1099511627776
# shellcheck disable=SC2094  # it is no file
{ cat /dev/qrng_drbg >/dev/null; } 2>/tmp/reader &
reader=$!
crowd 100000 1 /dev/qrng_drbg /dev/qrng_raw /dev/hwrng >/tmp/crowd &
crowd=$!

all_rounds && ok "$rounds times out and in" || not_ok "$rounds times out and in"
check "who read the generator reads on" kill -0 $reader
is "$(cat /tmp/reader)" "" "and met no error"
kill -INT $crowd
wait $crowd
is "$(grep ^wrong /tmp/crowd)" "" "no reader hung or got what it must not"
diag "$(cat /tmp/crowd)"
kill $reader
wait $reader 2>/dev/null
# Each source is some 25 KiB: one that were kept each time would show.
grown=$(($(slab_kb) - slab_early))
diag "the kernel's memory grew by $grown kB from round 10 on"
[ $grown -lt $(((rounds - 10) * 16)) ] && ok "no source was kept in memory" ||
	not_ok "no source was kept in memory"
check "the module unloads" unload_qrng
done_testing
