#!/bin/sh
# SPDX-License-Identifier: MIT
# Several cards: one that fails, rests or is pulled takes nothing from the others, and what is set
# for one is set for that one.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg
class=/sys/class/qrng

driver=/sys/bus/pci/drivers/qrng_quantis

value() { cat "$class/$1"; }
value_is() { [ "$(value "$1")" = "$2" ]; }
value_beyond() { [ "$(value "$1")" -gt "$2" ]; }
ready() { grep -qx ready $drbg/state; }
seeds_from() { qrngctl drbg reseed && value_beyond "$1/stats/used_bytes" "$2"; }
spare() { value_beyond quantis.0/stats/reserve_bytes 8192 && value_beyond quantis.1/stats/reserve_bytes 8192; }
not_healthy() { ! value_is "$1/state" healthy; }
ends_with_device() { readlink -f "$class/$1/device"; }

# Reads until told to stop; the generator must not pause.
readers() {
	while [ -e /tmp/reading ]; do
		devio nonblock /dev/qrng_drbg 4096
	done | grep -v bytes=4096 >/tmp/troubles
}

load_qrng
check "three cards come up" wait_for 60 value_is quantis.2/state healthy
check "the first" wait_for 30 value_is quantis.0/state healthy
check "the second" wait_for 30 value_is quantis.1/state healthy
check "the generator is ready" wait_for 30 ready
qrngctl drbg set grace-seconds=0
is "$(for n in 0 1 2; do ends_with_device quantis.$n; done | sort -u | wc -l)" 3 "each is a card of its own"
touch /tmp/reading
readers &

# --- one fails
host emu1 fault dead 0xf >/dev/null
check "one fails" wait_for 30 not_healthy quantis.1
used0=$(value quantis.0/stats/used_bytes) used1=$(value quantis.1/stats/used_bytes)
check "a seed comes from another" wait_for 30 seeds_from quantis.0 "$used0"
is "$(value quantis.1/stats/used_bytes)" "$used1" "and none of it from the one that failed"
is "$(value quantis.0/failures) $(value quantis.2/failures)" "0 0" "the others know of no failure"
check "its circuit opens" wait_for 60 value_is quantis.1/state open
is "$(cat $drbg/state)" ready "the generator does not mind"

# --- one is steered
check "one is switched off" qrngctl source set quantis.0 enabled=no
is "$(value quantis.0/enabled) $(value quantis.2/enabled)" "0 1" "that one alone"
check "another gets another claim" qrngctl source set quantis.2 quality=512
check "and is in service again" wait_for 30 value_is quantis.2/state healthy
is "$(value quantis.0/quality) $(value quantis.1/quality) $(value quantis.2/quality)" "768 768 512" "that one alone"
rm /tmp/reading
wait
# The last healthy card was tested again just now: that is a pause, and the only one.
check "no reader met another error" sh -c '! grep -v errno=EAGAIN /tmp/troubles'

# --- one is pulled
check "the first is switched on again" qrngctl source set quantis.0 enabled=yes
check "and is in service" wait_for 30 value_is quantis.0/state healthy
host emu2 close >/dev/null
check "the third is pulled" wait_for 20 value_is quantis.2/state gone
used0=$(value quantis.0/stats/used_bytes)
check "a seed comes from the first" wait_for 30 seeds_from quantis.0 "$used0"
host emu1 faults clear >/dev/null
check "the second is told to try again" qrngctl source reset quantis.1
check "and is in service" wait_for 30 value_is quantis.1/state healthy
check "the generator is ready" wait_for 30 ready

# --- one has come and gone more often than a byte counts: its turns among readers of noise stay
slot=$(basename "$(ends_with_device quantis.1)")
rounds=0
while [ $rounds -lt 254 ]; do
	echo "$slot" >$driver/unbind && echo "$slot" >$driver/bind || break
	rounds=$((rounds + 1))
done
is $rounds 254 "the second is unbound and bound 254 times"
check "both have noise to spare" wait_for 60 spare
used0=$(value quantis.0/stats/used_bytes) used1=$(value quantis.1/stats/used_bytes)
for _ in 1 2 3 4 5 6 7 8 9 10; do devio nonblock /dev/qrng_raw 32; done >/dev/null
used0=$(($(value quantis.0/stats/used_bytes) - used0)) used1=$(($(value quantis.1/stats/used_bytes) - used1))
diag "of 320 bytes $used0 come from the first, $used1 from the second"
[ "$used0" -ge 160 ] && [ "$used1" -ge 160 ] && ok "ten reads take half of it from each" ||
	not_ok "ten reads take half of it from each"
check "the module unloads" unload_qrng
done_testing
