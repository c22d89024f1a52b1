#!/bin/sh
# SPDX-License-Identifier: MIT
# Suspend and resume, as far as the kernel's own test of it goes (all devices go to sleep and are
# woken again): what was read before is not used, tests run again, a fresh seed comes.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg
card=/sys/class/qrng/quantis.0

ready() { grep -qx ready $drbg/state; }
seeded_beyond() { [ "$(cat $drbg/generation)" -gt "$1" ]; }
machine_sleeps() { echo mem >/sys/power/state; }

load_qrng
check "the generator is ready" wait_for 30 ready
generation=$(cat $drbg/generation)
echo devices >/sys/power/pm_test
check "the machine sleeps and wakes" machine_sleeps
check "the generator is ready again" wait_for 30 ready
is "$(cat $card/health/startup_passes)" 2 "the start-up test ran again"
check "and a fresh seed came" wait_for 10 seeded_beyond "$generation"

host emu fault gone on >/dev/null
check "the card is gone" wait_for 10 grep -qx gone $card/state
check "the machine sleeps and wakes without it, too" machine_sleeps
check "the module unloads" unload_qrng
done_testing
