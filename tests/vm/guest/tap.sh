# SPDX-License-Identifier: MIT
# Shell helpers for scripts in the guest: TAP, waiting with a limit, and the host channel.
# Counting is done in variables: call ok/not_ok/is/check from the script's own shell, not from
# a subshell or behind a pipe.

. /lib/lab.env

# What must not be lost is written and read in subshells: the end of a background job interrupts
# whatever the shell that started it is doing with the terminal line, and busybox then drops a
# half-read answer or an unwritten rest. A subshell has no jobs.

tap_count=0
tap_planned=

say() { (printf '%s\n' "$*"); }

plan() { tap_planned=$1; say "1..$1"; }

skip_all() { say "1..0 # SKIP $*"; exit 0; }

done_testing() { [ -n "$tap_planned" ] || plan "$tap_count"; }

diag() { printf '%s\n' "$*" | sed 's/^/# /'; }

ok() {
	tap_count=$((tap_count + 1))
	say "ok $tap_count - $*"
}

not_ok() {
	tap_count=$((tap_count + 1))
	say "not ok $tap_count - $*"
}

# skip COUNT TEXT: COUNT results that could not be had, and why.
skip() {
	local count=$1
	shift
	while [ "$count" -gt 0 ]; do
		ok "# SKIP $*"
		count=$((count - 1))
	done
}

# is GOT WANTED TEXT: passes if both strings are the same.
is() {
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3"
		diag "got '$1', wanted '$2'"
	fi
}

# check TEXT COMMAND...: passes if the command does; its output is shown only if it fails.
check() {
	local text=$1 output status
	shift
	output=$("$@" 2>&1)
	status=$?
	if [ $status -eq 0 ]; then
		ok "$text"
	else
		not_ok "$text"
		diag "exit code $status of: $*"
		[ -z "$output" ] || diag "$output"
	fi
}

# uptime_s: whole seconds since boot, on a clock nobody sets.
uptime_s() { cut -d. -f1 /proc/uptime; }

# wait_for SECONDS COMMAND...: polls until the command succeeds; fails after the limit, which is for
# an idle machine: a slow one gets LAB_PATIENCE times that, and more by the factor the lab was
# given. Nobody waits that long but for what never comes.
wait_for() {
	local limit=$(($(uptime_s) + $1 * LAB_FACTOR * LAB_PATIENCE))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(uptime_s)" -lt "$limit" ] || return 1
		sleep 0.1
	done
}

# host COMMAND...: one command to the lab outside, prints its one answer line, fails if the
# answer is an error. See tests/vm/README.md for the commands. Safe from several processes.
host() {
	local answer
	until mkdir /tmp/.host.lock 2>/dev/null; do sleep 0.05; done
	answer=$(
		printf '\nHOST: %s\n' "$*" >/dev/ttyS1
		IFS= read -r line </dev/ttyS1
		printf '%s' "$line"
	)
	rmdir /tmp/.host.lock
	say "$answer"
	case "$answer" in '{"error"'*) return 1 ;; esac
}

# host_get PATH COMMAND...: one value out of the answer, e.g. host_get reads.total emu count
host_get() { host get "$@"; }

# load_list FILE: loads the modules FILE names, in order, leaving out those already there.
load_list() {
	local file name
	while read -r file; do
		name=$(basename "$file" .ko | tr - _)
		[ -d "/sys/module/$name" ] || insmod "/lib/qrng/$file" || return 1
	done <"$1"
}

# load_qrng [PARAMETER=VALUE...]: loads the module under test, and before it what it needs and what
# makes it fast, which some CPUs have no use for.
load_qrng() {
	load_list /lib/qrng/cpu.list 2>/dev/null || :
	load_list /lib/qrng/qrng.list && insmod /lib/qrng/qrng.ko "$@"
}

# no_grace: without a healthy source the generator does not go on, not even for a moment.
no_grace() { qrngctl drbg set grace-seconds=0 >/dev/null; }

unload_qrng() { rmmod qrng; }

# with_small_ears COMMAND: runs it while new netlink sockets get room for a few events only, so that
# few are too many for who does not read them. The command is to return once its sockets are open.
with_small_ears() {
	local room=/proc/sys/net/core/rmem_default default status
	default=$(cat $room)
	echo 4096 >$room
	"$@"
	status=$?
	echo "$default" >$room
	return $status
}

# overwhelm PORT: makes events until the netlink socket of that port has lost one.
overwhelm() {
	local events=0
	until awk -v port="$1" '$3 == port && $9 > 0 { found = 1 } END { exit !found }' /proc/net/netlink; do
		[ $events -lt 100 ] || return 1
		qrngctl drbg set policy=block
		events=$((events + 1))
	done
}
