#!/bin/sh
# SPDX-License-Identifier: MIT
# Suspend and resume, as far as the kernel's own test of it goes (all devices go to sleep and are
# woken again): generators are renewed at once, what was read before is not used, tests run again,
# a fresh seed comes.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg
card=/sys/class/qrng/quantis.0

ready() { grep -qx ready $drbg/state; }
generation() { cat $drbg/generation; }
seeded_beyond() { [ "$(generation)" -gt "$1" ]; }
failures() { cat $card/health/rct_failures; }
more_failures_than() { [ "$(failures)" -gt "$1" ]; }
machine_sleeps() { echo mem >/sys/power/state; }

load_qrng
check "the generator is ready" wait_for 30 ready
before=$(generation)
echo devices >/sys/power/pm_test
check "the machine sleeps and wakes" machine_sleeps
seeded_beyond "$before" && ok "every generator is renewed when the first program runs" ||
	not_ok "every generator is renewed when the first program runs"
check "the generator is ready again" wait_for 30 ready
check "the start-up test ran again" wait_for 10 grep -qx 2 $card/health/startup_passes
check "and a fresh seed came" wait_for 10 seeded_beyond $((before + 1))
is "$(cat $drbg/reseed_reason)" resume "that was owed since then"

# A card that got stuck while the machine slept: its tests are armed when it is started again.
before=$(generation) failed=$(failures)
host emu fault stuck 0x5a5a5a5a >/dev/null
check "the machine sleeps, and the card is stuck when it wakes" machine_sleeps
check "the start-up test finds it" wait_for 10 more_failures_than "$failed"
is "$(generation)" $((before + 1)) "the generators are renewed all the same, from the kernel"
host emu faults clear >/dev/null
check "the card recovers" wait_for 60 ready
check "and gives a fresh seed" wait_for 10 seeded_beyond $((before + 1))

host emu fault gone on >/dev/null
check "the card is gone" wait_for 10 grep -qx gone $card/state
check "the machine sleeps and wakes without it, too" machine_sleeps
check "the module unloads" unload_qrng
done_testing
