#!/bin/sh
# SPDX-License-Identifier: MIT
# What readers get when the last healthy source is lost: each cell of the failure policy, with its
# exact outcome.
. /lib/tap.sh

dev=/dev/qrng_drbg
drbg=/sys/class/qrng/drbg
card=/sys/class/qrng/quantis.0

value() { cat $drbg/"$1"; }
generator_is() { [ "$(value state)" = "$1" ]; }
source_is() { grep -qx "$1" $card/state; }
lost() { ! source_is healthy && ! generator_is ready; }
fails() { host emu fault dead 0xf >/dev/null; wait_for 20 lost; }
asleep() { grep -q '^State:.S' "/proc/$1/status"; }
gone() { [ ! -e "/proc/$1" ]; }
set_drbg() { qrngctl drbg set "$@" >/dev/null || not_ok "set $*"; }

# recovers REASON: the card is well and started again; that gives a seed for that reason. It is
# switched off meanwhile, so that it does not come back by itself in between.
recovers() {
	local before
	before=$(value generation)
	qrngctl source set quantis.0 enabled=0 >/dev/null
	host emu faults clear >/dev/null
	qrngctl source set quantis.0 enabled=1 >/dev/null
	check "health comes back: ready" wait_for 30 generator_is ready
	[ "$(value generation)" -gt "$before" ] && ok "with a fresh seed" || not_ok "without a fresh seed"
	is "$(value reseed_reason)" "$1" "the reason of the seed is $1"
}

# outcome WHO READ POLL: what a read that may not wait gets, and what poll says.
outcome() {
	is "$(devio nonblock $dev 16)" "$2" "$1: a read gives $2"
	is "$(devio poll $dev 0)" "events=$3" "$1: poll gives $3"
}

host emu fault dead 0xf >/dev/null
load_qrng
check "a card that never worked: unseeded" wait_for 20 generator_is unseeded
outcome "block, unseeded" errno=EAGAIN 0
set_drbg policy=error
outcome "error, unseeded" errno=EAGAIN 0
set_drbg policy=block
is "$(value grace_seconds) $(value grace_bytes)" "10 16777216" "the grace period is 10 s or 16 MiB"
recovers first

# By time.
set_drbg grace-seconds=$((15 * LAB_FACTOR)) grace-bytes=1000000000
fails
check "grace begins" generator_is grace
left=$(value grace_left_ms)
[ "$left" -gt 0 ] && [ "$left" -le $((15000 * LAB_FACTOR)) ] && ok "some of its time is left: $left ms" ||
	not_ok "$(value grace_left_ms) ms left"
outcome "grace" bytes=16 POLLIN
check "it ends by itself: stalled" wait_for 30 generator_is stalled
is "$(value grace_left_ms)" 0 "nothing is left of it"
outcome "block, stalled" errno=EAGAIN 0
devio read $dev 16 >/tmp/sleeper &
sleeper=$!
check "a reader sleeps" wait_for 20 asleep $sleeper
recovers recovery
check "it is woken" wait_for 20 gone $sleeper
is "$(cat /tmp/sleeper)" bytes=16 "and has its bytes"

# By bytes: never one too many.
set_drbg grace-seconds=3600 grace-bytes=100001
fails
check "grace begins" generator_is grace
is "$(value grace_left_bytes)" 100001 "100001 bytes are left"
is "$(devio nonblock $dev 60000)" bytes=60000 "60000 are given"
is "$(value grace_left_bytes)" 40001 "40001 are left"
is "$(devio nonblock $dev 60000)" bytes=40001 "and given, and no more"
check "that ends it: stalled" generator_is stalled
recovers recovery
fails
before=$(value output_bytes)
for reader in 1 2 3 4 5 6; do devio nonblock $dev 30000 >/tmp/reader.$reader & done
# shellcheck disable=SC2046  # one argument for each
wait $(jobs -p)
is $(($(value output_bytes) - before)) 100001 "six readers at once get no more either"
check "that ends it: stalled" generator_is stalled
recovers recovery

# It holds the pipe's lock: where the bytes end in the middle of it, it must not wait for more.
set_drbg grace-bytes=20001
fails
is "$(timeout -s KILL 60 devio splice $dev 60000)" bytes=20001 "splice gives what is left, and does not wait"
check "that ends it: stalled" generator_is stalled
is "$(timeout -s KILL 60 devio splice $dev 60000)" errno=EAGAIN "splice has nothing then"

# The other policy; it holds for those who sleep already.
devio read $dev 16 >/tmp/sleeper &
sleeper=$!
check "a reader sleeps" wait_for 20 asleep $sleeper
set_drbg policy=error
check "now told to fail, it is woken" wait_for 20 gone $sleeper
is "$(cat /tmp/sleeper)" errno=EIO "and gets an error"
outcome "error, stalled" errno=EIO POLLERR
is "$(devio splice $dev 16)" errno=EIO "error, stalled: splice fails, too"
recovers recovery
outcome "error, ready" bytes=16 POLLIN

# Limits that are set while they run.
set_drbg policy=block grace-bytes=1000000
fails
check "grace begins" generator_is grace
recovers recovery
fails
set_drbg grace-seconds=0
check "taken away, it ends at once" generator_is stalled
recovers recovery
fails
is "$(value state)" stalled "0 seconds: none"
recovers recovery
set_drbg grace-seconds=3600 grace-bytes=0
fails
is "$(value state)" stalled "0 bytes: none"
recovers recovery

# The operator's own doing, and reseeds on request.
set_drbg grace-bytes=1000000
qrngctl source set quantis.0 enabled=0 >/dev/null
check "the last source is switched off: grace" wait_for 20 generator_is grace
qrngctl drbg reseed 2>/dev/null
is $? 4 "there is no seed to be had in it"
qrngctl source set quantis.0 enabled=1 >/dev/null
check "switched on: ready" wait_for 30 generator_is ready
before=$(value generation)
check "a reseed on request" wait_for 20 qrngctl drbg reseed
is "$(value generation) $(value reseed_reason)" "$((before + 1)) request" "is made at once"
set_drbg reseed-bytes=65536
devio read $dev 200000 >/dev/null
# Only a reader looks whether one is due, and not right after the last.
read_seeded_by() { devio read $dev 16 >/dev/null; grep -qx "$1" $drbg/reseed_reason; }
check "output makes a reseed due" wait_for 20 read_seeded_by bytes
set_drbg reseed-bytes=1000000000 reseed-interval=1
check "so does time" wait_for 20 read_seeded_by interval

# Pulled out.
set_drbg grace-seconds=3600 grace-bytes=20000 reseed-interval=60
host emu close >/dev/null
check "the card is pulled: grace" wait_for 20 generator_is grace
is "$(devio nonblock $dev 30000)" bytes=20000 "the grace period's bytes are given"
is "$(value state)" no-source "then there is no source"
outcome "block, no source" errno=ENODEV "POLLERR|POLLHUP"
set_drbg policy=error
outcome "error, no source" errno=ENODEV "POLLERR|POLLHUP"
unload_qrng
host qmp unplug >/dev/null

load_qrng kernel_seed=1
is "$(value state) $(value kernel_seed)" "kernel 1" "kernel_seed: the kernel alone seeds it"
outcome "kernel" bytes=16 POLLIN
before=$(value generation)
check "kernel: a reseed on request" qrngctl drbg reseed
is "$(value generation)" $((before + 1)) "kernel: is made"
host qmp plug >/dev/null
check "a card comes: ready" wait_for 30 generator_is ready
is "$(value reseed_reason)" first "its seed is the first with noise"
set_drbg grace-seconds=0
fails
is "$(value state)" stalled "its loss is a failure: the kernel does not take over"
unload_qrng
done_testing
