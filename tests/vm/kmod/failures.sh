#!/bin/sh
# SPDX-License-Identifier: MIT
# Every allocation and every copy from or to userspace fails once, in every call, in the probe
# of a card, and, as far as there is time, in the load of the module. The kernel's watchers look
# for what that leaves.
. /lib/tap.sh

FAULTS="failslab fail_page_alloc fail_usercopy"

TROUBLE="WARNING|BUG|KASAN|UBSAN|Oops|refcount_t|possible|inconsistent|corruption|cannot create"

debug=/sys/kernel/debug
card=/sys/class/qrng/quantis.0

ready() { grep -qx ready /sys/class/qrng/drbg/state; }
healthy() { grep -qx healthy $card/state; }

# Only who asks by fail-nth is hit, but then in earnest, and without a trace in the log.
arm() {
	local fault
	for fault in $FAULTS; do
		echo 0 >"$debug/$fault/verbose"
		[ ! -e "$debug/$fault/ignore-gfp-wait" ] || echo N >"$debug/$fault/ignore-gfp-wait"
		[ ! -e "$debug/$fault/ignore-gfp-highmem" ] || echo N >"$debug/$fault/ignore-gfp-highmem"
		[ ! -e "$debug/$fault/min-order" ] || echo 0 >"$debug/$fault/min-order"
	done
}

# each ACTION [ARGUMENT]
each() {
	check "$1: each failure is an error that fits, or does no harm" failnth "$@"
	diag "$(cat /tmp/each)"
}

failnth() { command failnth "$@" >/tmp/each 2>&1 || { cat /tmp/each; return 1; }; }

# Kernels before 6.2 lose the name of a class that could not be registered. What else was lost
# is told; what was looked at is not looked at again.
lost_by_loads() {
	local seen=$debug/kmemleak
	sleep 6
	echo scan >$seen
	echo scan >$seen
	awk 'BEGIN { RS = "unreferenced object" }
		NR > 1 && !(/ kobject_set_name\+/ && / __class_register\+/)' $seen
	echo clear >$seen
}

arm
load_qrng
check "the generator is ready" wait_for 60 ready
slot=$(basename "$(readlink -f $card/device)")
for action in open read small-read splice poll info generator map \
	source-get source-dump drbg-get health-get health-dump stats-get stats-dump pool-get \
	pool-dump source-set source-test source-reset drbg-set drbg-reseed; do
	each $action
done
each bind "$slot"
# A load takes a second and more than a thousand steps, most of them the kernel's.
check "the module unloads" unload_qrng
# The kernel shows a stack for each vmalloc of its own that fails, which would fail the run:
# its log is kept from the console, and looked into here.
dmesg -c >/dev/null
dmesg -n 1
each load /lib/qrng/qrng.ko "${failures_step:-1}"
dmesg -n 8
is "$(dmesg | grep -E "$TROUBLE")" "" "and the kernel finds no other fault with it"
is "$(lost_by_loads)" "" "nothing is lost by them"

check "the module loads" load_qrng
[ -e $card ] || echo "$slot" >/sys/bus/pci/drivers/qrng_quantis/bind
check "the source is healthy" wait_for 60 healthy
check "the generator is ready again" wait_for 60 ready
is "$(devio read /dev/qrng_drbg 5000)" bytes=5000 "bytes come"
check "the module unloads again" unload_qrng
done_testing
