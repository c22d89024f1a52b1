#!/bin/sh
# SPDX-License-Identifier: MIT
# What reads cost against what the kernel has to offer, in instructions, which is what this guest's
# clock counts: two runs agree within a percent, on whatever machine.
. /lib/tap.sh

MIB=1048576

ready() { grep -qx ready /sys/class/qrng/drbg/state; }

# cost NAME ARGUMENT...: one measurement, kept under that name
cost() {
	local name=$1
	shift
	readcost "$@" >"/tmp/$name"
	diag "cost $name $(cat "/tmp/$name"): readcost $*"
}

# at_most NAME PERCENT REFERENCE TEXT: compares two of them
at_most() {
	local ratio
	ratio=$(awk 'FNR == 1 { v[++n] = $1 } END { if (v[1] > 0 && v[2] > 0) printf "%.3f", v[1] / v[2] }' \
		"/tmp/$1" "/tmp/$3")
	diag "ratio $ratio: $4"
	awk -v r="$ratio" -v p="$2" 'BEGIN { exit !(r != "" && r * 100 <= p) }' && ok "$4" || not_ok "$4"
}

check "the module loads" load_qrng
check "the reference loads" insmod /aesbench.ko
check "the generator is ready" wait_for 60 ready
drivers=$(dmesg | grep -o -e "qrng: aes256-ctr by .*" -e "aesbench: .*" | sed 's/.* //' | sort -u)
is "$drivers" ctr-aes-aesni "both use the CPU's instructions"

cost getrandom_32 getrandom 32
cost urandom_mib /dev/urandom $MIB
cost aes_mib /dev/aesbench $MIB
cost chacha20_32 /dev/qrng_drbg 32 0
cost aes256_ctr_32 /dev/qrng_drbg 32 1
cost chacha20_mib /dev/qrng_drbg $MIB 0
cost aes256_ctr_mib /dev/qrng_drbg $MIB 1
cost ctr_drbg_mib /dev/qrng_drbg $MIB 2
cost fortuna_mib /dev/qrng_drbg $MIB 3

at_most chacha20_32 130 getrandom_32 "32 bytes of chacha20 against getrandom(2)"
at_most aes256_ctr_32 130 getrandom_32 "32 bytes of aes256-ctr against getrandom(2)"
at_most aes256_ctr_mib 20 urandom_mib "1 MiB of aes256-ctr against /dev/urandom"
at_most aes256_ctr_mib 125 aes_mib "1 MiB of aes256-ctr against the kernel's AES and the copy alone"
at_most chacha20_mib 100 urandom_mib "1 MiB of chacha20 against /dev/urandom"
done_testing
