#!/bin/sh
# SPDX-License-Identifier: MIT
# Nonsense and malice through every door at once, from root and from nobody, while the card fails, is
# pulled and comes back: the module stays in order, keeps its memory together and works on.
. /lib/tap.sh

DEVICES="/dev/qrng_drbg /dev/qrng_raw /dev/qrandom0"
CALLS=4000	# of each fuzzer in a round
LEAK_KB=400	# in all the rounds but the first

card=/sys/class/qrng/quantis.0

# KASAN takes its time and keeps what was freed; kmemleak sees more than any sum.
watched() { [ -e /sys/kernel/debug/kmemleak ]; }
watched && CALLS=1000

ready() { grep -qx ready /sys/class/qrng/drbg/state; }
healthy() { grep -qx healthy $card/state; }
source_there() { [ -e $card ]; }
source_gone() { [ ! -e $card ]; }

as_nobody() { su -s /bin/sh nobody -c "$*"; }

come_and_go() {
	while [ -e /tmp/fuzzing ]; do
		host emu fault stuck >/dev/null
		sleep 0.7
		host emu faults clear >/dev/null
		sleep 1.5
		host emu close >/dev/null
		host qmp unplug >/dev/null && wait_for 20 source_gone && host qmp plug >/dev/null
		sleep 1
	done
}

fuzzers() { pidof iofuzz nlfuzz; }
all_out() { ! fuzzers >/dev/null; }

stuck_where() {
	local pid
	for pid in $(fuzzers); do
		diag "$pid: $(tr '\0' ' ' </proc/"$pid"/cmdline): $(xargs </proc/"$pid"/stack)"
		kill -9 "$pid"
	done
}

# One result of each fuzzer in /tmp/out.*; what ends badly is kept.
fuzz_round() {
	local pids="" pid good=yes
	nlfuzz mend
	# shellcheck disable=SC2086  # one argument each
	iofuzz "$seed" $CALLS $DEVICES >/tmp/out.io &
	pids="$pids $!"
	as_nobody "iofuzz $((seed + 1)) $CALLS $DEVICES" >/tmp/out.io.nobody &
	pids="$pids $!"
	nlfuzz run "$seed" $CALLS >/tmp/out.nl &
	pids="$pids $!"
	as_nobody "nlfuzz run $((seed + 1)) $CALLS" >/tmp/out.nl.nobody &
	pids="$pids $!"
	wait_for 300 all_out || { stuck_where; return 1; }
	for pid in $pids; do
		wait "$pid" || good=no
	done
	diag "seed $seed: $(cat /tmp/out.* | tr '\n' ' ')"
	seed=$((seed + 2))
	[ $good = yes ]
}

# kB of kernel memory that is not a cache of anything.
kernel_kb() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	awk '/^(SUnreclaim|KernelStack|PageTables|VmallocUsed):/ { sum += $2 } END { print sum }' /proc/meminfo
}

# The card is put in anew, wherever the storm has left it.
settle() {
	host emu faults clear >/dev/null
	host qmp unplug
	wait_for 60 source_gone || { echo "the card does not go"; return 1; }
	host qmp plug || return 1
	wait_for 60 source_there || { echo "no card comes"; return 1; }
	nlfuzz mend
	wait_for 90 healthy || { cat $card/state $card/reason $card/errno; return 1; }
}

fuzz_seconds=${fuzz_seconds:-60}
seed=${fuzz_seed:-1}

load_qrng
check "the generator is ready" wait_for 30 ready
# A check beside a number in a policy was a warning in the log for whoever asked.
check "the policies can be shown" nlfuzz policies
touch /tmp/fuzzing
come_and_go &
storm=$!

check "the first round of nonsense does no harm" fuzz_round
before=$(kernel_kb)
end=$(($(uptime_s) + fuzz_seconds)) rounds=0 failures=0
while [ $rounds -lt 2 ] || [ "$(uptime_s)" -lt $end ]; do
	rounds=$((rounds + 1))
	fuzz_round || failures=$((failures + 1))
done
is $failures 0 "$rounds more rounds neither"
# Here, for only the shell that began it can wait for it: a check runs in one of its own.
rm -f /tmp/fuzzing
wait "$storm"
check "the source recovers when it is left in peace" settle
check "and the generator with it" wait_for 30 ready
is "$(cat /sys/class/qrng/drbg/open_files)" 0 "no file is left open"
after=$(kernel_kb)
diag "kernel memory: $before kB before, $after kB after"
watched || [ $((after - before)) -le $LEAK_KB ] && ok "the memory stays together" ||
	not_ok "$((after - before)) kB more are in use"
is "$(devio read /dev/qrng_drbg 5000)" bytes=5000 "bytes come"
check "netlink answers" qrngctl
check "the module unloads" unload_qrng
done_testing
