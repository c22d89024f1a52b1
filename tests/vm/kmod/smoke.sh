#!/bin/sh
# SPDX-License-Identifier: MIT
# What everybody relies on, on each kernel: load, read, look, unload.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg
card=/sys/class/qrng/quantis.0

fingerprint() { dd if=/dev/qrng_drbg bs="$1" count=1 2>/dev/null | sha256sum | cut -c1-64; }

size_of() { dd if=/dev/qrng_drbg bs="$1" count=1 2>/dev/null | wc -c; }

diag "kernel $(uname -r)"
check "the module loads" load_qrng
check "the generator is ready" wait_for 30 grep -qx ready $drbg/state
is "$(cat $card/state)" healthy "the card's source is healthy"
is "$(stat -c %A /dev/qrng_drbg)" cr--r--r-- "everybody may read the device, nobody write"

for size in 1 16 63 64 65 3936 4096 4097 1048576; do
	is "$(size_of $size)" $size "a read of $size bytes is whole"
done
is "$(devio read /dev/qrng_drbg 0)" bytes=0 "a read of nothing is nothing"
is "$(devio nonblock /dev/qrng_drbg 100)" bytes=100 "O_NONBLOCK reads when it is ready"
is "$(devio poll /dev/qrng_drbg 0)" events=POLLIN "poll says so"
is "$(devio splice /dev/qrng_drbg 5000)" bytes=5000 "splice reads"
is "$(devio fault /dev/qrng_drbg 100)" errno=EFAULT "a bad buffer is EFAULT"
[ "$(fingerprint 64)" != "$(fingerprint 64)" ] && ok "two opens differ" || not_ok "two opens differ"
[ "$(fingerprint 65536)" != "$(fingerprint 65536)" ] && ok "long reads too" || not_ok "long reads too"
is "$(su -s /bin/sh nobody -c 'head -c 8 /dev/qrng_drbg | wc -c')" 8 "an ordinary user can read"

is "$(cat $drbg/generator)" chacha20 "sysfs names the generator"
is "$(cat $drbg/open_files)" 0 "no file is left open"
[ "$(cat $drbg/seed_bytes)" -ge 64 ] && ok "card noise went in" || not_ok "card noise went in"
[ "$(cat $drbg/output_bytes)" -ge 1048576 ] && ok "output is counted" || not_ok "output is counted"
is "$(cat $card/health/startup_passes)" 1 "one start-up test passed"
is "$(cat $card/health/rct_failures) $(cat $card/health/apt_failures)" "0 0" "no test failed"

is "$(cat /sys/class/misc/hw_random/rng_current)" quantis.0 "hwrng uses the card"
quality=/sys/class/misc/hw_random/rng_quality
[ -e $quality ] && is "$(cat $quality)" 768 "its quality is said" ||
	skip 1 "this kernel does not show the quality"
is "$(dd if=/dev/hwrng bs=20000 count=1 iflag=fullblock 2>/dev/null | wc -c)" 20000 "/dev/hwrng gives noise"
words=$(host_get words_popped emu count)
[ "$words" -gt 6000 ] && ok "and it came out of the card's FIFO" || not_ok "only $words words popped"

check "qrngctl shows an overview" qrngctl
is "$(qrngctl source quantis.0 -j | tr -d ' \n' | sed 's/.*"state":"\([a-z]*\)".*/\1/')" healthy \
	"qrngctl names the card's state as JSON"
is "$(qrngctl drbg -j | tr -d ' \n' | sed 's/.*"generation":\([0-9]*\).*/\1/')" \
	"$(cat $drbg/generation)" "netlink and sysfs agree on the generation"
qrngctl source nosuch 2>/dev/null
is $? 3 "an unknown source is an error of its own"

check "the module unloads" unload_qrng
[ ! -e /dev/qrng_drbg ] && ok "and takes its device along" || not_ok "the device stayed"
is "$(devio poll /dev/null 0)" events=POLLIN "the kernel lives"
check "the module loads again" load_qrng
check "and is ready again" wait_for 30 grep -qx ready $drbg/state
check "and unloads again" unload_qrng
done_testing
