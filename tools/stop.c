// SPDX-License-Identifier: MIT
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "stop.h"

static volatile sig_atomic_t stopped;

static void on_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

/**
 * stop_install() - from here on these signals only end stop_wait()
 *
 * They are blocked but for the wait itself, so that none is missed before it.
 *
 * Return: 0 or -errno.
 */
int stop_install(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &signals, NULL) || sigaction(SIGINT, &action, NULL) ||
	    sigaction(SIGTERM, &action, NULL))
		return -errno;
	return 0;
}

/**
 * stop_wait() - wait for something to read, a time or a signal
 * @fd: what to read from, -1: nothing
 * @timeout_ms: the time, -1: for ever
 *
 * Return: 1 when there is something to read, 0 when the time is over, -EINTR when
 * somebody wants the program to end, or another -errno.
 */
int stop_wait(int fd, int timeout_ms)
{
	const struct timespec limit = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	struct pollfd poll = { .fd = fd, .events = POLLIN };
	sigset_t signals;
	int ret;

	if (sigprocmask(SIG_BLOCK, NULL, &signals))
		return -errno;
	sigdelset(&signals, SIGINT);
	sigdelset(&signals, SIGTERM);
	do {
		ret = ppoll(&poll, 1, timeout_ms < 0 ? NULL : &limit, &signals);
	} while (ret < 0 && errno == EINTR && !stopped);
	return ret < 0 ? -errno : ret;
}
