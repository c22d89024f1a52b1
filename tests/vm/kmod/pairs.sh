#!/bin/sh
# SPDX-License-Identifier: MIT
# Each fault of the card alone and with each other one, under a reader: what becomes of a source
# that runs, what of one that is started, with which reason and error number, and that all is well
# once the faults are gone.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg/state
card=/sys/class/qrng/quantis.0
driver=/sys/bus/pci/drivers/qrng_quantis

# fault and value | a source that runs: serves, fails or gone | one that is started: reason, errno.
# Faults of a reset only show at the next one.
FAULTS="
gone on             |gone  |removed 19
dead 0xf            |fails |hardware 5
slow-hst 2000       |serves|hardware 5
never-hst 0xf       |serves|hardware 5
hang-reset on       |serves|hardware 5
overflow on         |fails |silent 110
starve on           |fails |silent 110
stuck 0x5a5a5a5a    |fails |permanent 84
bias 990            |fails |permanent 84
dead 0x2            |serves|none 0
error-midburst 700  |serves|none 0
slow-read 100       |serves|none 0
"

source_is() { grep -qx "$1" $card/state; }
source_fails() { ! source_is healthy; }
generator_is() { grep -qx "$1" $drbg; }
raw_bytes() { cat $card/stats/raw_bytes; }
raw_beyond() { [ "$(raw_bytes)" -ge "$1" ]; }

# In service: what readers get comes from the card, again and again.
serves() {
	wait_for 60 raw_beyond $(($(raw_bytes) + 8192)) &&
		source_is healthy && grep -qx 0 $card/failures && grep -qx none $card/reason
}

# What has been read before the faults is gone, and nobody gets a byte.
refuses() { source_fails && generator_is "$1" && devio nonblock /dev/qrng_drbg 16 | grep -q "errno=$2"; }

failed_with() {
	source_fails && [ "$(cat $card/reason) $(cat $card/errno)" = "$1" ]
}

# The faults come while the source is in service.
meets_running() {
	case $1 in
	serves) serves ;;
	fails) wait_for 20 refuses stalled EAGAIN ;;
	gone) wait_for 20 refuses no-source ENODEV && source_is gone ;;
	esac
}

# They are there when it is started.
meets_start() {
	qrngctl source reset quantis.0
	case $1 in
	none*) wait_for 20 source_is healthy && serves ;;
	*) wait_for 20 failed_with "$1" && refuses stalled EAGAIN ;;
	esac
}

well_again() {
	host emu faults clear >/dev/null
	if source_is gone; then
		echo "$slot" >$driver/unbind
		echo "$slot" >$driver/bind
	else
		qrngctl source reset quantis.0
	fi
	wait_for 20 source_is healthy && wait_for 20 generator_is ready
}

seen() { diag "$1: $(cat $card/state) $(cat $card/reason) $(cat $card/errno), generator $(cat $drbg)"; }

# try RUNNING STARTED FAULT [FAULT]: the outcomes wanted, and the faults, each "name value".
try() {
	local running=$1 started=$2 fault
	shift 2
	for fault in "$@"; do
		host "emu fault $fault" >/dev/null || { diag "the emulator does not know: $fault"; return 1; }
	done
	meets_running "$running" || { seen "running, wanted: $running"; return 1; }
	[ "$running" = gone ] || meets_start "$started" || { seen "started, wanted: $started"; return 1; }
	well_again || { seen "without the faults"; return 1; }
}

result() {
	local text=$1
	shift
	if try "$@"; then
		ok "$text"
	else
		not_ok "$text"
		well_again
	fi
}

field() { printf '%s\n' "$1" | cut -d'|' -f"$2" | sed 's/ *$//'; }

# The table is in order of rank: of two faults the one further up shows, as a start meets them in
# that order. A source that runs is gone if one says so, and serves only if both do.
running_with() {
	case "$1 $2" in
	*gone*) echo gone ;;
	*fails*) echo fails ;;
	*) echo serves ;;
	esac
}

alone_and_in_pairs() {
	local first second
	while IFS= read -r first; do
		[ -n "$first" ] || continue
		result "$(field "$first" 1): $(field "$first" 2), then $(field "$first" 3)" \
			"$(field "$first" 2)" "$(field "$first" 3)" "$(field "$first" 1)"
		printf '%s\n' "$FAULTS" | sed "1,/^$first\$/d" >/tmp/rest
		while IFS= read -r second <&3; do
			[ -n "$second" ] || continue
			# A fault has one value at a time.
			[ "${first%% *}" != "${second%% *}" ] || continue
			result "$(field "$first" 1), $(field "$second" 1)" \
				"$(running_with "$(field "$first" 2)" "$(field "$second" 2)")" \
				"$(field "$first" 3)" "$(field "$first" 1)" "$(field "$second" 1)"
		done 3</tmp/rest
	done </tmp/faults
}

# A reader who never has enough, so that the card is read all the time.
readers() {
	while :; do
		cat /dev/hwrng >/dev/null 2>&1
		sleep 0.1
	done
}

load_qrng
check "the generator is ready" wait_for 30 generator_is ready
slot=$(basename "$(readlink -f $card/device)")
check "without a grace period" qrngctl drbg set grace-seconds=0
printf '%s\n' "$FAULTS" >/tmp/faults
readers &
alone_and_in_pairs
kill $!
done_testing
