// SPDX-License-Identifier: MIT
#include "syscalls.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/sockios.h>
#include <seccomp.h>

#include "log.h"
#include "qrng.h"
#include "sanitized.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Whatever their arguments. What a machine does not have is passed over. */
static const int allowed[] = {
	/* The event loops. */
	SCMP_SYS(epoll_create), SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_wait), SCMP_SYS(eventfd2), SCMP_SYS(pipe2),
	SCMP_SYS(poll), SCMP_SYS(ppoll),
	/* Connections, which come from listeners that are there already. */
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(getpeername), SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(shutdown), SCMP_SYS(read),
	SCMP_SYS(readv), SCMP_SYS(recvfrom), SCMP_SYS(recvmmsg), SCMP_SYS(recvmmsg_time64),
	SCMP_SYS(recvmsg), SCMP_SYS(sendmsg),
	SCMP_SYS(sendto), SCMP_SYS(write), SCMP_SYS(writev),
	/* Of the few sockets that can still be made, see below. */
	SCMP_SYS(bind),
	/* Files, where Landlock lets them be opened. */
	SCMP_SYS(close), SCMP_SYS(dup), SCMP_SYS(fcntl), SCMP_SYS(fcntl64), SCMP_SYS(fstat), SCMP_SYS(fstat64),
	SCMP_SYS(fstatat64), SCMP_SYS(getcwd), SCMP_SYS(getdents64), SCMP_SYS(_llseek),
	SCMP_SYS(lseek), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(openat),
	SCMP_SYS(pread64), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(stat),
	SCMP_SYS(statx), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	/* Logs, and the store of LoKey's queues, which is open already. */
	SCMP_SYS(fdatasync), SCMP_SYS(fsync), SCMP_SYS(ftruncate), SCMP_SYS(ftruncate64),
	SCMP_SYS(msync), SCMP_SYS(pwrite64), SCMP_SYS(pwritev),
	/* Memory. */
	SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(mlock), SCMP_SYS(mlock2),
	SCMP_SYS(mremap), SCMP_SYS(munmap),
	/* Threads, and the signals by which they end. */
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(futex_time64),
	SCMP_SYS(gettid), SCMP_SYS(restart_syscall), SCMP_SYS(rseq), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigtimedwait),
	SCMP_SYS(rt_sigtimedwait_time64), SCMP_SYS(sched_yield), SCMP_SYS(set_robust_list),
	SCMP_SYS(sigaltstack),
	/* Clocks, where they are not read without the kernel. */
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_nanosleep_time64), SCMP_SYS(gettimeofday), SCMP_SYS(nanosleep),
	SCMP_SYS(time),
	/* What the process asks about itself and the machine. */
	SCMP_SYS(getegid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getpid),
	SCMP_SYS(getrandom), SCMP_SYS(getrlimit), SCMP_SYS(getrusage), SCMP_SYS(getuid),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(sysinfo), SCMP_SYS(ugetrlimit),
#ifdef QRNGD_SANITIZED
	SCMP_SYS(arch_prctl), SCMP_SYS(clone), SCMP_SYS(dup2), SCMP_SYS(getdents),
	SCMP_SYS(getppid), SCMP_SYS(kill), SCMP_SYS(mprotect), SCMP_SYS(open), SCMP_SYS(pipe),
	SCMP_SYS(prctl), SCMP_SYS(prlimit64), SCMP_SYS(ptrace), SCMP_SYS(rt_sigsuspend),
	SCMP_SYS(tgkill), SCMP_SYS(tkill), SCMP_SYS(uname), SCMP_SYS(wait4),
#endif
};

#define LOW UINT64_C(0xffffffff)

/* What clone() does for a thread, and what it can do for processes and containers. */
#define THREAD (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)
#define SPACES                                                                          \
	(CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID |   \
	 CLONE_NEWUSER | CLONE_NEWUTS | CLONE_PTRACE | CLONE_VFORK)

/* Where clone() has its flags. */
#if defined(__s390__)
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

#define ARG_MAX_COUNT 3

/** struct limited - a call with some arguments only; a call may be there several times */
struct limited {
	int call;
	unsigned int count;
	struct scmp_arg_cmp args[ARG_MAX_COUNT];
};

/* The kernel reads the lower half of most arguments, and what is above may be anything. */
#define IS(arg_, value_)                                                                     \
	{                                                                                    \
		.arg = (arg_), .op = SCMP_CMP_MASKED_EQ, .datum_a = LOW, .datum_b = (value_) \
	}
#define HAS(arg_, mask_, value_)                                                                 \
	{                                                                                        \
		.arg = (arg_), .op = SCMP_CMP_MASKED_EQ, .datum_a = (mask_), .datum_b = (value_) \
	}

static const struct limited limited[] = {
	/* No code but what was there at the start. */
	{ SCMP_SYS(mmap), 1, { HAS(2, PROT_EXEC, 0) } },
	{ SCMP_SYS(mmap2), 1, { HAS(2, PROT_EXEC, 0) } },
	{ SCMP_SYS(mprotect), 1, { HAS(2, PROT_EXEC, 0) } },
	/* Threads, no processes. */
	{ SCMP_SYS(clone), 1, { HAS(CLONE_FLAGS, THREAD | SPACES, THREAD) } },
	/* Limits are looked up, and stay what they are. */
	{ SCMP_SYS(prlimit64), 2, { IS(0, 0), HAS(2, UINT64_MAX, 0) } },
	/* The talk with the module, and what a service manager is told. */
	{ SCMP_SYS(socket), 2, { IS(0, AF_NETLINK), IS(2, NETLINK_GENERIC) } },
	{ SCMP_SYS(socket), 2, { IS(0, AF_UNIX), IS(1, SOCK_DGRAM | SOCK_CLOEXEC) } },
	{ SCMP_SYS(ioctl), 1, { IS(1, FIONREAD) } },
	{ SCMP_SYS(ioctl), 1, { IS(1, SIOCOUTQ) } },
	{ SCMP_SYS(ioctl), 1, { IS(1, QRNG_IOC_INFO) } },
};

/* Nothing of ours, nor of any library, does this: it is done to us. */
static const int deadly[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
	SCMP_SYS(bpf), SCMP_SYS(delete_module), SCMP_SYS(finit_module), SCMP_SYS(init_module),
	SCMP_SYS(kexec_file_load), SCMP_SYS(kexec_load), SCMP_SYS(mount), SCMP_SYS(pivot_root),
	SCMP_SYS(chroot), SCMP_SYS(setns), SCMP_SYS(unshare), SCMP_SYS(setgid), SCMP_SYS(setresgid),
	SCMP_SYS(setresuid), SCMP_SYS(setuid),
#ifndef QRNGD_SANITIZED
	SCMP_SYS(ptrace),
#endif
};

static int add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
	int err = 0;
	size_t i;

	for (i = 0; !err && i < count; i++)
		err = seccomp_rule_add(filter, action, calls[i], 0);
	return err;
}

/* Signals go to this process. */
static int add_signals(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp own = IS(0, (uint32_t)getpid());
	int err = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &own);

	if (err)
		return err;
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(kill), 1, &own);
}

/* Its flags are in memory, where no filter can see them; the C library makes do with clone(). */
static int add_newer(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static int add_limited(scmp_filter_ctx filter)
{
	int err = 0;
	size_t i;

	for (i = 0; !err && i < COUNT(limited); i++)
		err = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, limited[i].call,
					     limited[i].count, limited[i].args);
	return err;
}

/*
 * As a binary tree: no call takes more than seven comparisons to find. Kernels from 5.16 on
 * leave speculation alone of themselves; older ones would switch it off for a process that
 * has a filter, which is meant for those that run code of strangers.
 */
static int set_up(scmp_filter_ctx filter)
{
	int err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
	return err;
}

static int fill(scmp_filter_ctx filter)
{
	int err = set_up(filter);

	if (!err)
		err = add_all(filter, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
	if (!err)
		err = add_all(filter, SCMP_ACT_KILL_PROCESS, deadly, COUNT(deadly));
	if (!err)
		err = add_limited(filter);
	if (!err)
		err = add_signals(filter);
	return err ? err : add_newer(filter);
}

int qrngd_syscalls_limit(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = filter ? fill(filter) : -ENOMEM;

	if (!err)
		err = seccomp_load(filter);
	seccomp_release(filter);
	if (!err)
		return 0;
	qrngd_log("sandbox on: the filter of system calls: %s", strerror(-err));
	return -1;
}
