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

leaks | while read -r line; do
	echo "kmemleak: $line" >/dev/kmsg
done
# One report of it, or of KASAN, and lockdep looks no more: what comes after went unwatched.
grep -Eq '^ *debug_locks: *1$' /proc/lockdep_stats ||
	echo "WARNING: lockdep did not watch to the end" >/dev/kmsg
