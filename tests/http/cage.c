// SPDX-License-Identifier: MIT
/*
 * cage FILE [OPTION]...: enters qrngd's sandbox with these options again and again, tries there
 * what nobody should be able to do, and prints a line for each: what it was, and what came of it.
 * FILE is one that the options do not name.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "command.h"
#include "identity.h"
#include "options.h"
#include "sandbox.h"

/* What a child says that could not get in. */
#define OUTSIDE 255

static const char *stranger;
static const struct qrngd_options *options;
static char *code;

static long run_program(void)
{
	char *const words[] = { (char *)"true", NULL };

	return execve("/bin/true", words, NULL);
}

static long attach(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static long read_others(void)
{
	return syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
}

static long become_root(void)
{
	return setuid(0);
}

static long mount_over(void)
{
	return mount("none", "/mnt", "tmpfs", 0, NULL);
}

static long leave_space(void)
{
	return unshare(CLONE_NEWUSER);
}

static long start_process(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child;
}

static long new_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			       MAP_FAILED ?
		       -1 :
		       0;
}

static long changed_code(void)
{
	return mprotect(code, 4096, PROT_READ | PROT_EXEC);
}

static long packets(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static long connection(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long routes(void)
{
	return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

static long module_talk(void)
{
	return socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
}

static long type_for_others(void)
{
	return ioctl(STDERR_FILENO, TIOCSTI, "x");
}

static long signal_others(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0);
}

static long raise_limits(void)
{
	const struct rlimit limit = { 4096, 4096 };

	return setrlimit(RLIMIT_NOFILE, &limit);
}

static long read_stranger(void)
{
	return open(stranger, O_RDONLY | O_CLOEXEC);
}

static long read_named(void)
{
	return open(options->admin_token, O_RDONLY | O_CLOEXEC);
}

static long write_named(void)
{
	return open(options->admin_token, O_WRONLY | O_CLOEXEC);
}

static long write_log(void)
{
	return open(options->public_log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static long remove_log(void)
{
	return unlink(options->public_log);
}

static void *idle(void *data)
{
	return data;
}

static long start_thread(void)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, idle, NULL);

	if (!err)
		err = pthread_join(thread, NULL);
	errno = err;
	return err ? -1 : 0;
}

static const struct {
	const char *name;
	long (*attempt)(void);
} attempts[] = {
	{ "execve", run_program },
	{ "ptrace", attach },
	{ "process_vm_readv", read_others },
	{ "setuid", become_root },
	{ "mount", mount_over },
	{ "unshare", leave_space },
	{ "fork", start_process },
	{ "mmap-exec", new_code },
	{ "mprotect-exec", changed_code },
	{ "socket-packet", packets },
	{ "socket-inet", connection },
	{ "socket-netlink-route", routes },
	{ "socket-netlink-generic", module_talk },
	{ "ioctl", type_for_others },
	{ "tgkill-others", signal_others },
	{ "setrlimit", raise_limits },
	{ "read-stranger", read_stranger },
	{ "read-named", read_named },
	{ "write-named", write_named },
	{ "write-log", write_log },
	{ "remove-log", remove_log },
	{ "thread", start_thread },
};

static int try_inside(long (*attempt)(void))
{
	struct qrngd_identity nobody_else = { 0 };

	if (qrngd_sandbox_enter(options, &nobody_else) != 0)
		return OUTSIDE;
	return attempt() < 0 ? errno : 0;
}

static void try_one(const char *name, long (*attempt)(void))
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(try_inside(attempt));
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("cage");
		exit(EXIT_FAILURE);
	}
	if (WIFSIGNALED(status))
		printf("%s SIG%s\n", name, sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == OUTSIDE)
		printf("%s outside\n", name);
	else
		printf("%s %s\n", name,
		       WEXITSTATUS(status) ? strerrorname_np(WEXITSTATUS(status)) : "done");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static struct qrngd_command command;
	static struct qrngd_options loaded;
	size_t i;

	code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (argc < 2 || code == MAP_FAILED ||
	    qrngd_command_parse(&command, argc - 1, argv + 1) != QRNGD_COMMAND_RUN ||
	    qrngd_options_load(&loaded, &command) != 0)
		return EXIT_FAILURE;
	stranger = argv[1];
	options = &loaded;
	for (i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		try_one(attempts[i].name, attempts[i].attempt);
	qrngd_options_free(&loaded);
	return EXIT_SUCCESS;
}
