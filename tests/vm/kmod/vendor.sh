#!/bin/sh
# SPDX-License-Identifier: MIT
# /dev/qrandomN, as the vendor's library and the programs written for it use them. The second
# card has one module, and a core version that the library would take for an error.
. /lib/tap.sh

class=/sys/class/qrng
node=/dev/qrandom0

stat_of() { cat "$class/quantis.$1/stats/$2"; }
healthy() { grep -qx healthy "$class/quantis.$1/state"; }
failed() { ! healthy "$1"; }
both_healthy() { healthy 0 && healthy 1; }
asleep() { grep -q '^State:.[SD]' "/proc/$1/status"; }
ended() { ! grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null; }
nodes() { find /dev -name 'qrandom*' | sort | xargs; }
info_of() { vendor info "$1" | xargs; }
drain() { while [ "$(devio nonblock $node 65536)" != errno=EAGAIN ]; do :; done; }
# as_nobody COMMAND...: as an ordinary user
as_nobody() { su -s /bin/sh nobody -c "$*"; }

parameters() {
	load_qrng vendor_first=118 2>/dev/null && not_ok "an index beyond the library's limit is refused" ||
		ok "an index beyond the library's limit is refused"
	check "with a word about what is allowed" \
		sh -c "dmesg | grep 'vendor_first=118 is not allowed; give 0 to 117'"
	load_qrng vendor_devices=0
	is "$(nodes)$(find /sys/class -name 'qrandom*')" "" "the devices can be left out"
	wait_for 30 both_healthy
	unload_qrng
	load_qrng vendor_first=3
	is "$(nodes)" "/dev/qrandom3 /dev/qrandom4" "or begin elsewhere"
	is "$(vendor read 4 100)" read=100 "and work there"
	unload_qrng
}

# Right after the module came, when neither card has passed a test yet.
first_calls() {
	load_qrng
	is "$(vendor read 0 8)" read=8 "who reads at once gets noise"
	is "$(nodes)" "/dev/qrandom0 /dev/qrandom1" "each card has a node"
	is "$(stat -c %a:%u:%g $node)" 600:0:0 "which is root's, until udev says otherwise"
	is "$(readlink -f /sys/class/qrandom/qrandom0/device)" "$(readlink -f $class/quantis.0/device)" \
		"and tells which card it is"
	is "$(vendor count)" count=2 "the library counts them"
	wait_for 30 both_healthy
}

told() {
	local first second
	slot=$(basename "$(readlink -f $class/quantis.0/device)" | cut -d: -f3 | cut -d. -f1)
	bus=$(basename "$(readlink -f $class/quantis.0/device)" | cut -d: -f2)
	first=$(printf '%#x' $((0x$bus << 16 | 0x$slot)))
	is "$(info_of 0 | sed "s/address=$first /address=right /")" "driver=20.2 cards=2 board=0xa020301 mask=15 \
status=15 modules=4 rate=2000000 address=right ais31=1 serial=S/N not available" "all is told of the first card"
	second=$(info_of 1 | sed 's/address=[^ ]* //')
	is "$second" "driver=20.2 cards=2 board=0xa020302 mask=1 status=1 modules=1 rate=500000 ais31=1 \
serial=S/N not available" "and of the second"
}

reads() {
	is "$(vendor read 0 4)" read=4 "a word"
	is "$(vendor read 0 1048576)" read=1048576 "a megabyte"
	is "$(vendor read 0 16777217)" read=-103 "more than the library allows"
	is "$(devio read $node 0)" bytes=0 "a read of nothing is nothing"
	is "$(devio read $node 65536)" bytes=65536 "64 KiB come by one read"
	is "$(devio read $node 300001)" bytes=300001 "more, too"
	is "$(devio fault $node 100)" errno=EFAULT "a bad buffer is EFAULT"
	is "$(devio poll $node 0)" events=POLLIN "there is noise"
	is "$(vendor alarm 0 64)" bytes=64 "a signal that does not come in time does nothing"
	part=$(vendor alarm 0 100000000 | cut -d= -f2)
	[ "$part" -gt 0 ] && [ "$part" -lt 100000000 ] && ok "one in the middle ends a read early" ||
		not_ok "a read under signals gave $part bytes"
}

errors() {
	local number
	for number in 0x80047100 0x80047101 0x80047102 0x80047103 0x40047105 0x40047106 0x80047108 \
		0x80047109 0x8004710a 0x8100710c; do
		[ "$(vendor ioctl 0 $number)" = errno=EFAULT ] || diag "$number: $(vendor ioctl 0 $number)"
	done >/tmp/wrong
	is "$(cat /tmp/wrong)" "" "a bad pointer is EFAULT, whatever the number"
	is "$(vendor ioctl 0 0x4004710b)" ok "unless that takes no notice of it"
	for number in 0x40047107 0x4004710d 0x8004710e 0x8004710f 0x80087100 0x80047200 0; do
		[ "$(vendor ioctl 0 $number)" = errno=ENOTTY ] || diag "$number: $(vendor ioctl 0 $number)"
	done >/tmp/wrong
	is "$(cat /tmp/wrong)" "" "a number that means nothing is ENOTTY"
	mknod /tmp/none c "$(awk '$2 == "qrandom" { print $1 }' /proc/devices)" 7
	is "$(devio read /tmp/none 1)" errno=ENODEV "a minor number without a card is ENODEV"
}

ais31_flag() {
	is "$(vendor clear 0)" clear=0 "the flag for the start-up tests is cleared"
	is "$(vendor info 0 | grep ais31) $(vendor info 1 | grep ais31)" "ais31=0 ais31=1" "of one card"
	is "$(vendor reset 0 | xargs)" "reset=0 read=4" "a read right after a reset succeeds"
	is "$(vendor info 0 | grep ais31)" ais31=1 "and the flag is up again"
	host emu set hst-delay 10 >/dev/null
	is "$(vendor reset 0 | xargs)" "reset=0 read=4" "also if the modules take their time"
	host emu set hst-delay 0 >/dev/null
}

modules() {
	local status="vendor info 0"
	is "$(vendor disable 0 0x3)" disable=0 "two modules are switched off"
	is "$($status | grep mask)" "mask=15 status=12" "and work no more"
	is "$(cat $class/quantis.0/modules)" 0xc "which the operator sees"
	is "$(host emu state | tr -d ' ' | grep -o '"MX_SR":[^,]*')" '"MX_SR":"0xc2c2c0c0"' "and the card"
	is "$(vendor read 0 1000)" read=1000 "the others go on"
	is "$(vendor enable 0 0xfffffff3)" enable=0 "bits without a module do nothing"
	is "$($status | grep mask)" "mask=15 status=15" "while the others do"
	starts=$(stat_of 0 starts)
	is "$(vendor enable 0 0; vendor disable 0 0; vendor enable 0 0xf)" "enable=0
disable=0
enable=0" "no module is allowed, too"
	is "$(stat_of 0 starts)" "$starts" "and what is as it should be stays untouched"
	is "$(vendor disable 0 0xf)" disable=0 "all can be switched off"
	is "$(cat $class/quantis.0/state)" disabled "which switches the source off"
	is "$(vendor read 0 4) $(vendor info 0 | grep mask)" "read=-110 mask=15 status=0" \
		"the library will not read then"
	is "$(vendor enable 0 0x2; vendor info 0 | grep mask)" "enable=0
mask=15 status=2" "any of them switches it on again"
	is "$(vendor restart 0 0xf | xargs) $(vendor read 0 4)" "disable=0 enable=0 read=4" \
		"all can be reset the library's way"
	host emu fault dead 0x4 >/dev/null
	drain
	is "$(vendor info 0 | grep mask)" "mask=15 status=11" "a module that fails is told"
	host emu faults clear >/dev/null
	is "$(vendor enable 0 0x4; vendor info 0 | grep mask)" "enable=0
mask=15 status=15" "and can be switched on again"
	vendor disable 0 0x1 >/dev/null
	is "$(vendor reset 0 | xargs) $(vendor info 0 | grep mask)" "reset=0 read=4 mask=15 status=15" \
		"a reset switches all on"
}

permissions() {
	is "$(as_nobody vendor read 0 4)" read=-101 "an ordinary user may not"
	chmod 0644 $node
	is "$(as_nobody vendor read 0 4) $(as_nobody vendor clear 0)" "read=4 clear=0" "but who may read can read"
	is "$(as_nobody vendor ioctl 0 0x7104) $(as_nobody vendor ioctl 0 0x40047106)" \
		"errno=EACCES errno=EACCES" "and not stop the card for others"
	chgrp nogroup $node
	chmod 0664 $node
	is "$(as_nobody vendor reset 0 | xargs)" "reset=0 read=4" "unless he could write"
	chgrp root $node
	chmod 0600 $node
}

# What never comes: EAGAIN at once, EINTR by a signal, EIO after a while.
no_noise() {
	local begin took
	host emu fault dead 0xf >/dev/null
	drain
	wait_for 20 failed 0
	is "$(devio nonblock $node 4) $(devio nowait $node 4) $(devio poll $node 0)" \
		"errno=EAGAIN errno=EAGAIN events=0" "without noise nobody waits who must not"
	is "$(vendor alarm 0 4)" errno=EINTR "a signal ends the wait"
	is "$(vendor read 0 4)" read=-110 "the library does not wait"
	begin=$(uptime_s)
	is "$(devio read $node 4)" errno=EIO "who does gets EIO"
	took=$(($(uptime_s) - begin))
	[ $took -ge 9 ] && ok "after some time" || not_ok "after $took s"
	devio read $node 100000 >/tmp/answer &
	reader=$!
	wait_for 10 asleep $reader
	host emu faults clear >/dev/null
	vendor reset 0 >/tmp/reset
	is "$(xargs </tmp/reset)" "reset=0 read=4" "a reset brings a card back at once"
	check "and lets those go on who wait" wait_for 30 ended $reader
	is "$(cat /tmp/answer)" bytes=100000 "with all they wanted"
}

# Every consumer there is, at once: what any of them got, no other got.
each_byte_once() {
	local words used bytes=65536
	vendor read 0 $bytes /tmp/1 >/dev/null &
	dd if=$node of=/tmp/2 bs=997 count=66 iflag=fullblock 2>/dev/null &
	vendor read 1 $bytes /tmp/3 >/dev/null &
	dd if=/dev/qrng_raw of=/tmp/4 bs=4099 count=16 iflag=fullblock 2>/dev/null &
	dd if=/dev/hwrng of=/tmp/5 bs=$bytes count=1 iflag=fullblock 2>/dev/null &
	wait
	is "$(windows /tmp/1 /tmp/2 /tmp/3 /tmp/4 /tmp/5)" "bytes=327994 repeated=0" \
		"five readers of four devices get different bytes"
	words=$(($(host_get words_popped emu count) + $(host_get words_popped emu1 count)))
	used=$(($(stat_of 0 used_bytes) + $(stat_of 1 used_bytes)))
	[ $used -le $((4 * words)) ] && ok "no more was handed out than came from the cards" ||
		not_ok "$used bytes from $words words"
}

# A process that has the card open, until descriptor 4 is closed.
hold() {
	rm -f /tmp/hold
	mkfifo /tmp/hold
	vendor hold 0 </tmp/hold >/tmp/held &
	holder=$!
	exec 4>/tmp/hold
	wait_for 10 asleep $holder
}

unplugged() {
	hold
	devio read $node 100000000 >/tmp/answer &
	reader=$!
	wait_for 10 asleep $reader
	host qmp unplug 0 >/dev/null
	check "a reader of a card that is unplugged is let go" wait_for 10 ended $reader
	check "with what he has" grep -qx 'bytes=[1-9][0-9]*' /tmp/answer
	is "$(nodes)" /dev/qrandom1 "its node is gone, the other one stays"
	is "$(vendor read 1 4)" read=4 "and works"
	host qmp plug 0 >/dev/null
	check "a card that comes gets the number that is free" wait_for 30 test -e $node
	is "$(vendor read 0 4)" read=4 "and works"
	is "$(find $class/ -mindepth 1 -exec basename {} \; | sort | xargs)" "drbg quantis.0 quantis.1" "and so does its source"
	rmmod qrng 2>/dev/null && not_ok "an open file keeps the module" || ok "an open file keeps the module"
	exec 4>&-
	wait $holder
	is "$(sort -u /tmp/held)" errno=ENODEV "an old file is ENODEV for whatever one does"
	is "$(wc -l </tmp/held)" 13 "each of it"
}

parameters
first_calls
told
reads
errors
ais31_flag
modules
permissions
no_noise
each_byte_once
unplugged
check "the module unloads" unload_qrng
is "$(nodes)" "" "and takes the devices along"
done_testing
