# SPDX-License-Identifier: MIT
# At the end of a run on the debug kernel: what its watchers saw, into the kernel log, where every
# line like these fails the run.

# Memory counts as leaked if nothing points at it in two scans, and not before it is 5 s old.
leaks() {
	local seen=/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >$seen
	echo scan >$seen
	cat $seen
}

# Each object's counts, in folders named as they are on the machine that built the module.
counts() {
	mkdir -p /mnt
	mount -t 9p -o trans=virtio,version=9p2000.L coverage /mnt || return 1
	(cd /sys/kernel/debug/gcov && find . -name '*.gcda') | while read -r file; do
		mkdir -p "/mnt/${file%/*}" && cat "/sys/kernel/debug/gcov/$file" >"/mnt/$file"
	done
	umount /mnt
}

[ "$LAB_COVERAGE" = no ] || counts || echo "WARNING: the counts of lines are lost" >/dev/kmsg
leaks | while read -r line; do
	echo "kmemleak: $line" >/dev/kmsg
done
# One report of it, or of KASAN, and lockdep looks no more: what comes after went unwatched.
grep -Eq '^ *debug_locks: *1$' /proc/lockdep_stats ||
	echo "WARNING: lockdep did not watch to the end" >/dev/kmsg
