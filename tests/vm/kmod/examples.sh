#!/bin/sh
# SPDX-License-Identifier: MIT
# The example programs do what they promise: here with the answers that this card must give.
. /lib/tap.sh

ready() { grep -qx ready /sys/class/qrng/drbg/state; }
# told PATTERN: did the example print such a line?
told() { grep -Exq "$1" /tmp/told; }

generation_moved() {
	local now
	now=$(cat /sys/class/qrng/drbg/generation)
	# shellcheck disable=SC2046  # two numbers
	set -- $(sed -n 's/^event: .* went from \([0-9]*\) to \([0-9]*\)$/\1 \2/p' /tmp/told)
	echo "from $1 to $2, now $now"
	[ "$1" -lt "$2" ] && [ "$2" -le "$now" ]
}

bytes='[0-9a-f]{32}'

load_qrng
wait_for 30 ready
wait_for 30 grep -qx quantis.0 /sys/class/misc/hw_random/rng_current
interfaces >/tmp/told 2>&1
is $? 0 "the example runs"
sed 's/^\([^ ]*\) *[0-9a-f]\{32\}$/\1 gave 16 bytes/' /tmp/told | while read -r line; do diag "$line"; done
check "/dev/qrng_drbg gives bytes" told "/dev/qrng_drbg +$bytes"
check "of the generator that was asked for" \
	told '  of this file: +generator 1, 16 bytes so far, seed [0-9]+ of [0-9]+'
check "/dev/qrng_raw gives noise" told "/dev/qrng_raw +$bytes"
check "/dev/hwrng gives noise" told "/dev/hwrng +$bytes"
check "/dev/qrandom0 gives noise" told "/dev/qrandom0 +$bytes"
check "and tells of the card" told '  of this card: +version 0xa020301, modules 0xf, of which 0xf work'
check "sysfs tells the state" told 'sysfs: +/sys/class/qrng/quantis.0/state is healthy'
check "netlink tells the claim" told 'netlink: +quantis.0 claims 768 bits of entropy in 1024'
check "an event tells of the reseed, and the page that is mapped shows it" generation_moved

# A generation that moved, seen by a program that makes numbers of its own.
seeded() { grep -Eq "pi is about 3\\.1[0-9]*, seeds so far: $1\$" /tmp/montecarlo; }
montecarlo 1000000 >/tmp/montecarlo 2>&1 &
simulation=$!
check "a simulation has a seed" wait_for 60 seeded 1
moves() { qrngctl drbg reseed 2>/dev/null; }
check "there is a new one" wait_for 30 moves
check "it takes that" wait_for 60 seeded 2
kill $simulation
wait $simulation

# What docs/clients.md shows.
given() { cat /sys/class/qrng/drbg/output_bytes; }
for program in /page/*; do
	before=$(given)
	case $program in
	*.py) python3 "$program" >/tmp/told 2>/tmp/complaints ;;
	*) "$program" >/tmp/told 2>/tmp/complaints ;;
	esac
	is "$?, $(wc -l </tmp/told), $(cat /tmp/complaints)" "0, 1, " "docs/clients.md: $program says what it should"
	diag "$(cut -c 1-12 /tmp/told) ..."
	case $(cat /tmp/told) in
	generator*) ;;
	*) check "with bytes of the module" test "$(($(given) - before))" -ge 16 ;;
	esac
done
python3 /page/3.py >/tmp/told
check "the ioctls tell what they should" told 'generator 0, seed [1-9][0-9]* of [1-9][0-9]*, [0-9.]* s old'

interfaces nosuch >/tmp/told 2>&1
is $? 1 "an unknown source is an error"
check "and named" told 'interfaces: /sys/class/qrng/nosuch/state: No such file or directory'
su -s /bin/sh nobody -c interfaces >/tmp/told 2>&1
is $? 1 "what an ordinary user may not is an error"
check "and named" told 'interfaces: /dev/qrng_raw: Permission denied'
unload_qrng
interfaces >/tmp/told 2>&1
is $? 1 "so it is if the module is not there"
check "with its device named" told 'interfaces: /dev/qrng_drbg: No such file or directory'
done_testing
