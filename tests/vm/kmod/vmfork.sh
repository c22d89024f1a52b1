#!/bin/sh
# SPDX-License-Identifier: MIT
# The guest's part of vmfork.t: fingerprints of what two files give right after the machine was
# copied: one that was open and had output ready, and one that is opened then. There is no card,
# which could not be copied.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg

generation() { cat $drbg/generation; }
renewed() { [ "$(generation)" -gt "$before" ]; }
fingerprint() { dd bs=32 count=1 2>/dev/null | sha256sum | cut -c1-64; }

[ -e /sys/bus/acpi/drivers/vmgenid ] || skip_all "this kernel does not learn of copies"
load_qrng kernel_seed=1
is "$(cat $drbg/state)" kernel "the generator works from the kernel's randomness alone"
exec 4</dev/qrng_drbg
fingerprint <&4 >/dev/null
before=$(generation)
machine=$(host copy)
if [ "$machine" = fork ]; then
	check "the machine is a copy, and the generators are renewed" wait_for 30 renewed
	is "$(cat $drbg/reseed_reason)" vmfork "for that reason"
else
	is "$(generation)" "$before" "the machine is the $machine: nothing moved"
fi
diag "open file: $(fingerprint <&4)"
diag "new file: $(fingerprint </dev/qrng_drbg)"
exec 4<&-
unload_qrng
done_testing
