#!/bin/sh
# SPDX-License-Identifier: MIT
# /dev/qrng_drbg beyond a plain read: its ioctls, its page, readers that must not wait or are
# interrupted, and what open files cost each other.
. /lib/tap.sh

drbg=/sys/class/qrng/drbg
driver=/sys/bus/pci/drivers/qrng_quantis
trace=/sys/kernel/tracing
NO_SOURCE=3

slot() { basename "$(dirname "$(grep -l 0x179a /sys/bus/pci/devices/*/vendor)")"; }

ready() { grep -qx ready $drbg/state; }

# Without a seed.
card=$(slot)
host emu fault starve on >/dev/null
check "the module loads" load_qrng
is "$(drbgio reseed nowait)" errno=EAGAIN "no seed yet: QRNG_IOC_RESEED is EAGAIN with O_NONBLOCK"
is "$(drbgio preadv 100)" errno=EAGAIN "RWF_NOWAIT, too"
is "$(drbgio info 0)" "state=0 generator=0 follows=yes output=0 aged=yes" "QRNG_IOC_INFO says so"
echo "$card" >$driver/unbind
is "$(drbgio reseed wait)" errno=ENODEV "no source: QRNG_IOC_RESEED is ENODEV"
is "$(drbgio preadv 100)" errno=ENODEV "RWF_NOWAIT, too"
is "$(drbgio info 0)" "state=$NO_SOURCE generator=0 follows=yes output=0 aged=yes" "QRNG_IOC_INFO says so"
host emu fault starve off >/dev/null
echo "$card" >$driver/bind
check "the generator is ready" wait_for 30 ready

# The ioctls.
is "$(drbgio info 777)" "state=1 generator=0 follows=yes output=777 aged=yes" "QRNG_IOC_INFO counts bytes"
for id in 0 1 2 3; do
	is "$(drbgio generator $id)" "state=1 generator=$id follows=yes output=100000 aged=yes" \
		"a file may have generator $id"
done
is "$(drbgio generator 4)" errno=EINVAL "there is no generator 4"
is "$(drbgio generator 4294967295)" errno=EINVAL "nor -1"
is "$(drbgio reseed wait)" "state=1 generator=0 follows=yes output=0 aged=yes" "QRNG_IOC_RESEED seeds the file"
is "$(drbgio reseed nowait)" "state=1 generator=0 follows=yes output=0 aged=yes" "with O_NONBLOCK, too"
is "$(drbgio command 0xe703)" errno=ENOTTY "an ioctl that is not there is ENOTTY"
is "$(drbgio fault)" errno=EFAULT "bad memory is EFAULT"
is "$(su -s /bin/sh nobody -c 'drbgio generator 1')" \
	"state=1 generator=1 follows=yes output=100000 aged=yes" "ordinary users may, too"

# The page.
is "$(drbgio map 0 4096 r)" "mapped, then errno=EACCES" "the page can be mapped, but not made writable"
is "$(drbgio map 0 4096 rw)" errno=EACCES "not even by root"
is "$(drbgio private)" errno=EACCES "a private copy neither"
is "$(drbgio map 4096 4096 r)" errno=EINVAL "there is no second page"
is "$(drbgio map 0 8192 r)" errno=EINVAL "nor one with the first"
drbgio follow 600 >/tmp/follow &
wait_for 10 grep -q follows /tmp/follow
echo "$card" >$driver/unbind
echo "$card" >$driver/bind
wait $!
is "$(tail -n 1 /tmp/follow)" "moved=yes told=yes behind=yes caught-up=yes" "a reseed shows in the page, and files follow"
check "the generator is ready again" wait_for 30 ready

# Readers that must not wait, and readers that are stopped.
for size in 1 64 65 4096 100000; do
	is "$(drbgio preadv $size)" bytes=$size "RWF_NOWAIT gives $size bytes"
done
is "$(devio nonblock /dev/qrng_drbg 1000000)" bytes=1000000 "O_NONBLOCK gives a million"
is "$(devio splice /dev/qrng_drbg 60000)" bytes=60000 "splice fills a pipe"
is "$(drbgio edge 100)" bytes=100 "a read that runs out of memory ends there: within the first page"
is "$(drbgio edge 50000)" bytes=50000 "or later"
is "$(drbgio interrupt 67108864)" "short, of whole pages" "a signal cuts a long read short"
is "$(drbgio kill 67108864)" killed "SIGKILL ends one"
is "$(drbgio share 4)" twice=0 "of four readers of one file none gets what another got"

# What files cost: memory of a thousand, above generator and crypto context (4 KiB with their lock).
memory() { awk '/^MemFree/ { print $2 }' /proc/meminfo; }
hold() {
	rm -f /tmp/holds /tmp/go
	mkfifo /tmp/go
	drbgio hold "$1" </tmp/go >/tmp/holds &
	exec 9>/tmp/go
	wait_for 60 grep -q . /tmp/holds
	held=$(memory)
	exec 9>&-
	wait $!
}
hold 1000
before=$(memory)
hold 1000
each=$(((before - held) * 1024 / 1000))
diag "$(cat /tmp/holds): $each bytes for each open file"
is "$(cat /tmp/holds)" open "a thousand files can be open"
[ $each -le 5120 ] && ok "1 KiB each beside the generator" || not_ok "1 KiB each beside the generator"
is "$(cat $drbg/open_files)" 0 "none is left"

# locks_of FD: which locks a process takes in each of 500 reads.
locks_of() {
	echo 1 >$trace/events/kprobes/enable
	sh -c 'echo $$ >/tmp/reader; exec dd bs=32 count=500 of=/dev/null' <&"$1" 2>/dev/null
	# Reading the trace takes locks itself.
	echo 0 >$trace/events/kprobes/enable
	awk -v reader="-$(cat /tmp/reader)\$" '$1 ~ reader { count[$NF]++ }
		END { for (lock in count) if (count[lock] >= 500) print lock }' $trace/trace
}
mount -t tracefs trace $trace 2>/dev/null
if [ -w $trace/kprobe_events ]; then
	for function in mutex_lock mutex_lock_interruptible mutex_lock_killable mutex_trylock down_read down_write; do
		echo "p:qrng_$function $function lock=%di" >>$trace/kprobe_events
	done
	exec 7</dev/qrng_drbg 8</dev/qrng_drbg
	one=$(locks_of 7)
	other=$(locks_of 8)
	exec 7<&- 8<&-
	echo >$trace/kprobe_events
	is "$(echo "$one" | grep -c lock=) $(echo "$other" | grep -c lock=)" "1 1" "a reader takes one lock a read"
	[ "$one" != "$other" ] && ok "another reader another" || not_ok "another reader another: $one"
else
	skip 2 "this kernel has no kprobes"
fi

check "the module unloads" unload_qrng
done_testing
