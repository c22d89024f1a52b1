#!/bin/sh
# SPDX-License-Identifier: MIT
# Several cards are plugged in, pulled out, broken and let go in an order left to chance, while
# readers of every device, of sysfs and of netlink look on: none hangs, and all is well afterwards.
. /lib/tap.sh

CARDS=4
DEVICES="/dev/qrng_drbg /dev/qrng_raw /dev/qrandom0 /dev/qrandom1 /dev/hwrng"

driver=/sys/bus/pci/drivers/qrng_quantis
class=/sys/class/qrng

chance=${storm_seed:-1}
# draw LIMIT: sets drawn to a number below that
draw() {
	chance=$(((chance * 1103515245 + 12345) & 0x7fffffff))
	drawn=$(((chance >> 12) % $1))
}

ready() { grep -qx ready $class/drbg/state; }
healthy_cards() { cat $class/quantis.*/state 2>/dev/null | grep -cx healthy; }
all_healthy() { [ "$(healthy_cards)" -eq $CARDS ]; }
sources() { set -- $class/quantis.*; [ -e "$1" ] && echo $# || echo 0; }

sysfs_readers() {
	while [ -e /tmp/storm ]; do
		cat $class/*/* $class/*/*/* >/dev/null 2>&1
		sleep 0.05
	done
}

netlink_readers() {
	while [ -e /tmp/storm ]; do
		qrngctl >/dev/null 2>&1
		qrngctl -j >/dev/null 2>&1
	done
}

# Lets go of some bound card and takes it again.
rebind_some() {
	local slot
	set -- $driver/*:*
	[ -e "$1" ] || return 0
	slot=${1##*/}
	{ echo "$slot" >$driver/unbind; } 2>/dev/null
	{ echo "$slot" >$driver/bind; } 2>/dev/null
	return 0
}

plug() {
	host qmp plug "$1" >/dev/null || { diag "plug $1"; return 1; }
	eval "at_$1=in"
	plugs=$((plugs + 1))
}

unplug() {
	host qmp unplug "$1" >/dev/null || { diag "unplug $1"; return 1; }
	eval "at_$1=out"
}

# What happens to card $1, which is in its slot.
strike() {
	draw 5
	case $drawn in
	0) host "emu$1 close" >/dev/null && eval "at_$1=dead" ;;
	1) host "emu$1 fault dead 0xf" >/dev/null ;;
	2) host "emu$1 faults clear" >/dev/null ;;
	3) rebind_some ;;
	*) unplug "$1" ;;
	esac
}

step() {
	local card where
	draw $CARDS
	card=$drawn
	eval "where=\$at_$card"
	case $where in
	out) plug "$card" ;;
	dead) unplug "$card" ;;
	in) strike "$card" ;;
	esac
}

storm() {
	while [ $plugs -lt "$storm_plugs" ]; do
		step || return 1
	done
}

# Every card in its slot and in order.
calm() {
	local card=0 where
	while [ $card -lt $CARDS ]; do
		eval "where=\$at_$card"
		[ "$where" != dead ] || unplug $card || return 1
		[ "$where" = in ] || plug $card || return 1
		host "emu$card faults clear" >/dev/null
		card=$((card + 1))
	done
	while read -r slot; do
		[ -e "$driver/$slot" ] || echo "$slot" >$driver/bind
	done <<-END
		$(grep -l 0x179a /sys/bus/pci/devices/*/vendor | sed 's|/vendor||; s|.*/||')
	END
	wait_for 60 all_healthy
}

# Neither is the module let go while somebody has a file open.
refused() {
	local status
	exec 5<"$1"
	rmmod qrng 2>/dev/null
	status=$?
	exec 5<&-
	[ $status -ne 0 ]
}

storm_plugs=${storm_plugs:-100}
plugs=0 card=0
while [ $card -lt $CARDS ]; do
	eval "at_$card=out"
	card=$((card + 1))
done

load_qrng
touch /tmp/storm
sysfs_readers &
netlink_readers &
# shellcheck disable=SC2086  # one argument each
crowd 100000 "$chance" $DEVICES >/tmp/crowd &
crowd=$!

storm && ok "$plugs cards came and went" || not_ok "the storm ended after $plugs cards"
check "in the end each card is in order" calm
rm /tmp/storm
kill -INT $crowd
wait $crowd
is "$(grep ^wrong /tmp/crowd)" "" "no reader hung or got what it must not"
diag "$(cat /tmp/crowd)"
wait
check "the generator is ready" wait_for 30 ready
is "$(devio read /dev/qrng_drbg 5000)" bytes=5000 "bytes come"
for device in /dev/qrng_drbg /dev/qrng_raw /dev/qrandom0; do
	[ ! -e $device ] || check "no unload while $device is open" refused $device
done
check "the module unloads" unload_qrng
is "$(sources)" 0 "and all sources are gone"
check "it loads again with $CARDS cards" load_qrng
check "and each is healthy" wait_for 60 all_healthy
check "the last one goes while the module stays" unplug 0
check "the module unloads again" unload_qrng
done_testing
