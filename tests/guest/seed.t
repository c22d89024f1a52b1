#!/bin/bash
# SPDX-License-Identifier: MIT
# The seed that is carried over a restart: what is in it, who can read it, that none is used twice.
cd "$(dirname "$0")/../.." || exit 1
. tests/guest/result.sh

is() { # GOT WANTED TEXT
	echo "got '$1', wanted '$2'" >>"$work/said"
	[ "$1" = "$2" ]
	result "$?" "$3"
}

differ() { # ONE OTHER TEXT
	[ -n "$1" ] && [ -n "$2" ] && [ "$1" != "$2" ]
	result "$?" "$3"
}

export QRNG_SEED=$work/state/seed QRNG_DRBG=$work/device QRNG_POOL=$work/pool
seed() { system/qrng-seed "$@" >"$work/said" 2>&1; }
sum() { sha512sum <"$QRNG_SEED" | cut -d' ' -f1; }
injected() { cut -c1-128 "$QRNG_POOL"; }
mkdir "$work/state"
head -c 1000 /dev/urandom >"$QRNG_DRBG"
: >"$QRNG_POOL"

seed load
is "$? $(stat -c %s "$QRNG_POOL") $(ls "$work/state")" "0 0 " "the first time there is nothing to load"
umask 000
seed save
is "$? $(stat -c %a "$QRNG_SEED")" "0 600" "what is saved nobody else can read, whatever the umask"
is "$(sum)" "$(head -c 64 "$QRNG_DRBG" | sha512sum | cut -d' ' -f1)" "it is what the generator gave"
saved=$(sum)
seed load
is "$? $(injected)" "0 $saved" "the kernel gets all of it, hashed"
differ "$(sum)" "$saved" "another one is in its place"
is "$(stat -c %a "$QRNG_SEED")" 600 "which nobody else can read, either"
next=$(sum)
seed load
is "$(injected)" "$next" "a machine that was not stopped in order gets that one"
differ "$(sum)" "$next" "and leaves yet another"
cp "$QRNG_SEED" "$work/copy"
seed load
first=$(sum)
cp "$work/copy" "$QRNG_SEED"
seed load
differ "$first" "$(sum)" "two copies of a disk part"

# None is used twice: it is replaced before the kernel gets it, or else not used.
before=$(sum)
! QRNG_POOL=$work/state seed load
result "$?" "a seed that does not reach the kernel is an error"
differ "$(sum)" "$before" "and replaced all the same"
: >"$QRNG_POOL"
before=$(sum)
mkdir "$QRNG_SEED.new"
seed load
is "$? $(stat -c %s "$QRNG_POOL") $(tail -n 1 "$work/said")" \
	"1 0 the seed can not be replaced, so it is not used" "one that can not be replaced is not used"
rmdir "$QRNG_SEED.new"
is "$(sum)" "$before" "and stays"

# Without a card, or one that gives nothing, the old one is better.
rm "$QRNG_DRBG"
seed save
is "$? $(sum) $(cat "$work/said")" "0 $before there is no noise to save; the seed stays as it is" \
	"without the generator it stays as it is"
head -c 63 /dev/urandom >"$QRNG_DRBG"
seed save
is "$? $(sum) $(ls "$work/state")" "0 $before seed" "a generator that gives too little is none"
mkfifo "$work/fifo"
exec 3<>"$work/fifo"
QRNG_DRBG=$work/fifo seed save
is "$? $(sum)" "0 $before" "one that says nothing holds nobody up"
seed
is "$? $(cat "$work/said")" "1 usage: qrng-seed load|save" "it says how it is used"
seed forget
is "$?" 1 "and does nothing else"
echo "1..$count"
