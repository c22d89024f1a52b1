#!/bin/sh
# SPDX-License-Identifier: MIT
# Register reads are what the driver has to be careful with: how many it needs for a word, how
# close it comes to what the way to the card carries, and how few it makes when nobody asks.
. /lib/tap.sh

READS=60000
BYTES=240000	# as many words
ROUNDS=12

resource=/sys/class/qrng/quantis.0/device/resource1
stats=/sys/class/qrng/quantis.0/stats

reserve_full() { [ "$(cat $stats/reserve_bytes)" -gt 12288 ]; }

calibrate_us() { barloop "$resource" 0x1c $READS | cut -d= -f2; }

# Starts with a full reserve and ends when that is full again: in between, as many words come
# from the card as bytes went out.
drain_us() {
	local begin end
	begin=$(cut -d' ' -f1 /proc/uptime | tr -d .)
	dd if=/dev/hwrng of=/dev/null bs=$BYTES count=1 iflag=fullblock 2>/dev/null
	until reserve_full; do :; done
	end=$(cut -d' ' -f1 /proc/uptime | tr -d .)
	echo $(((end - begin) * 10000))
}

load_qrng
check "the reserve fills" wait_for 30 reserve_full

best=0 round=0
while [ $round -lt $ROUNDS ] && [ $best -lt 90 ]; do
	round=$((round + 1))
	transport=$(calibrate_us)
	host emu count reset >/dev/null
	took=$(drain_us)
	reads=$(host_get reads.total emu count)
	words=$(host_get words_popped emu count)
	percent=$((words * transport * 100 / READS / took))
	diag "round $round: transport $((READS * 1000 / (transport / 1000)))/s," \
		"$words words by $reads reads in $((took / 1000)) ms: $percent %"
	[ $percent -le $best ] || best=$percent
done
[ $best -ge 90 ] && ok "draining reaches 90 % of the transport" || not_ok "only $best % of the transport"
[ $((reads * 100)) -le $((words * 105)) ] && ok "1.05 register reads a word or fewer" ||
	not_ok "$reads reads for $words words"

host emu count reset >/dev/null
sleep 25
reads=$(host_get reads.total emu count)
diag "idle: $reads reads in 25 s"
[ "$reads" -lt 2500 ] && ok "an idle card is read less than 100 times a second" ||
	not_ok "$reads reads in 25 s"
[ "$(host_get words_popped emu count)" -ge 512 ] && ok "but its noise is tested now and then" ||
	not_ok "no noise was tested"
unload_qrng
done_testing
