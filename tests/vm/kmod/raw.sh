#!/bin/sh
# SPDX-License-Identifier: MIT
# /dev/qrng_raw: the noise of all cards, each byte once, and never what the generator needs.
. /lib/tap.sh

raw=/dev/qrng_raw
class=/sys/class/qrng
SHARE=2048	# of a reserve, the generator's

stat_of() { cat "$class/quantis.$1/stats/$2"; }
card_is() { grep -qx "$2" "$class/quantis.$1/state"; }
card_fails() { ! card_is "$1" healthy; }
ready() { grep -qx ready $class/drbg/state; }
share_kept() { [ "$(stat_of 0 reserve_bytes)" -ge $SHARE ]; }
reserve_full() { [ "$(stat_of "$1" reserve_bytes)" -gt 12288 ]; }
cards_full() { reserve_full 0 && reserve_full 1; }
asleep() { grep -q '^State:.[SD]' "/proc/$1/status"; }
ended() { ! grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null; }
cards_gone() { [ ! -e $class/quantis.0 ] && [ ! -e $class/quantis.1 ]; }

# background ACTION BYTES: a reader whose one answer goes to /tmp/answer; sets $reader
background() {
	devio "$1" $raw "$2" >/tmp/answer &
	reader=$!
	wait_for 10 asleep "$reader"
}

# With nobody to seed for, and later nobody who has noise.
nothing_there() {
	load_qrng
	is "$(stat -c %A $raw)" cr--r----- "only root and the group may read the device, nobody write"
	is "$(devio read $raw 100)" errno=ENODEV "without a source a read is ENODEV"
	is "$(devio nonblock $raw 100)" errno=ENODEV "with O_NONBLOCK, too"
	is "$(devio poll $raw 0)" "events=POLLERR|POLLHUP" "and poll says so"
	is "$(devio splice $raw 100)" errno=ENODEV "and splice"
}

# The least that the reserve holds in a second of health; sets $low.
lowest_share() {
	local passes fill
	passes=$(cat $class/quantis.0/health/startup_passes)
	low=99999
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.1
		fill=$(stat_of 0 reserve_bytes)
		[ "$fill" -ge "$low" ] || low=$fill
	done
	card_is 0 healthy && [ "$(cat $class/quantis.0/health/startup_passes)" = "$passes" ]
}

# Four readers who would take all there is, before there is any.
generator_comes_first() {
	local readers=
	for _ in 1 2 3 4; do
		(until [ "$(devio poll $raw 0)" = events=0 ]; do :; done; exec cat $raw >/dev/null) &
		readers="$readers $!"
	done
	host qmp plug 0 >/dev/null
	check "the generator is seeded though four readers take all they get" wait_for 60 ready
	check "the noise for its next seed gathers" wait_for 60 share_kept
	for _ in 1 2 3 4 5; do
		wait_for 60 share_kept
		lowest_share && break
		diag "the card failed meanwhile, and its reserve was dropped"
	done
	diag "the reserve never held less than $low bytes"
	[ "$low" -ge $SHARE ] && ok "and stays where it is" ||
		not_ok "$low bytes were left of the generator's $SHARE"
	# shellcheck disable=SC2086  # a list
	kill $readers
	wait
}

plain_reads() {
	wait_for 30 reserve_full 0
	is "$(devio read $raw 0)" bytes=0 "a read of nothing is nothing"
	is "$(devio read $raw 1)" bytes=1 "a byte comes"
	is "$(devio read $raw 4097)" bytes=4097 "more than a page comes"
	is "$(devio nonblock $raw 64)" bytes=64 "with O_NONBLOCK, too"
	is "$(devio nowait $raw 64)" bytes=64 "with RWF_NOWAIT, too"
	is "$(devio splice $raw 512)" bytes=512 "by splice, too"
	is "$(devio poll $raw 0)" events=POLLIN "poll says so"
	short=$(devio read $raw 10000000 | cut -d= -f2)
	[ "$short" -gt 0 ] && [ "$short" -lt 10000000 ] && ok "a read gives what there is" ||
		not_ok "a read of 10 MB gave $short bytes"
	is "$(dd if=$raw bs=300000 count=1 iflag=fullblock 2>/dev/null | wc -c)" 300000 \
		"who goes on reading gets as much as he likes"
	check "an ordinary user may not" su -s /bin/sh nobody -c "! head -c 1 $raw"
}

bad_buffer() {
	local before after
	before=$(stat_of 0 used_bytes)
	is "$(devio fault $raw 100)" errno=EFAULT "a bad buffer is EFAULT"
	after=$(stat_of 0 used_bytes)
	[ $((after - before)) -ge 100 ] && ok "and what was on its way is given to nobody else" ||
		not_ok "$((after - before)) bytes were used"
}

# The card makes nothing for a moment, which is not yet a failure.
drained() {
	host emu fault starve on >/dev/null
	while [ "$(devio nonblock $raw 65536)" != errno=EAGAIN ]; do :; done
	is "$(devio nonblock $raw 1) $(devio nowait $raw 1) $(devio splice $raw 1) $(devio poll $raw 0)" \
		"errno=EAGAIN errno=EAGAIN errno=EAGAIN events=0" "without noise nobody waits who must not"
	background read 100
	kill "$reader"
	check "a reader who waits can be ended" wait_for 10 ended "$reader"
	background poll -1
	check "the card fails" wait_for 20 card_fails 0
	asleep $reader && ok "who polls waits on" || not_ok "poll ended: $(cat /tmp/answer)"
	host emu faults clear >/dev/null
	check "and is told when there is noise again" wait_for 60 ended $reader
	is "$(cat /tmp/answer)" events=POLLIN "by POLLIN"
}

both_cards() {
	local first second
	host qmp plug 1 >/dev/null
	check "a second card joins" wait_for 60 cards_full
	first=$(stat_of 0 used_bytes) second=$(stat_of 1 used_bytes)
	dd if=$raw of=/dev/null bs=1000 count=12 2>/dev/null
	first=$(($(stat_of 0 used_bytes) - first)) second=$(($(stat_of 1 used_bytes) - second))
	diag "of 12 reads of 1000 bytes, $first bytes came from the first card, $second from the second"
	# The kernel's own pool also takes some now and then, of one of them.
	[ $first -ge 6000 ] && [ $second -ge 6000 ] && ok "the cards take turns" ||
		not_ok "the cards do not take turns"
}

# Every consumer there is, at once: what any of them got, no other got.
each_byte_once() {
	local words
	dd if=$raw of=/tmp/1 bs=999 count=150 iflag=fullblock 2>/dev/null &
	dd if=$raw of=/tmp/2 bs=4096 count=40 iflag=fullblock 2>/dev/null &
	dd if=/dev/hwrng of=/tmp/3 bs=4096 count=40 iflag=fullblock 2>/dev/null &
	dd if=/dev/hwrng of=/tmp/4 bs=52 count=1000 iflag=fullblock 2>/dev/null &
	wait
	is "$(windows /tmp/1 /tmp/2 /tmp/3 /tmp/4)" "bytes=529530 repeated=0" \
		"four readers of two devices get different bytes"
	cat /tmp/1 >>/tmp/2
	[ "$(windows /tmp/1 /tmp/2)" != "bytes=463560 repeated=0" ] && ok "and the test would notice" ||
		not_ok "the test can not fail"
	rm /tmp/1 /tmp/2 /tmp/3 /tmp/4
	words=$(($(host_get words_popped emu count) + $(host_get words_popped emu1 count)))
	used=$(($(stat_of 0 used_bytes) + $(stat_of 1 used_bytes)))
	[ $used -le $((4 * words)) ] && ok "no more was handed out than came from the cards" ||
		not_ok "$used bytes from $words words"
}

unplugged() {
	host emu fault starve on >/dev/null
	host emu1 fault starve on >/dev/null
	wait_for 20 card_fails 0 && wait_for 20 card_fails 1
	background read 100
	host qmp unplug 0 >/dev/null
	sleep 0.3
	asleep $reader && ok "a reader stays while one card does" || not_ok "he left: $(cat /tmp/answer)"
	host qmp unplug 1 >/dev/null
	check "and goes when the last one does" wait_for 10 ended "$reader"
	is "$(cat /tmp/answer)" errno=ENODEV "with ENODEV"
	check "both cards are gone" wait_for 10 cards_gone
	is "$(devio read $raw 100)" errno=ENODEV "as whoever comes now"
}

nothing_there
generator_comes_first
plain_reads
bad_buffer
drained
both_cards
each_byte_once
unplugged
check "the module unloads" unload_qrng
done_testing
