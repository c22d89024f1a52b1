// SPDX-License-Identifier: MIT
#include "log.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * Whoever waits here may be what answers requests, and who reads our lines may have
 * stopped for good. The lock makes what was polled still true when it is written: no
 * line is longer than what a pipe that polls as writable takes.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long dropped;

static __thread char *copy;
static __thread size_t copy_size;

void qrngd_log_copy(char *text, size_t size)
{
	copy = text;
	copy_size = size;
	if (text)
		*text = '\0';
}

/* @line is not terminated, and its end is no part of it. */
static void keep(const char *line, size_t len)
{
	size_t kept = strlen(copy);

	snprintf(copy + kept, copy_size - kept, "%s%.*s", kept ? "; " : "", (int)len, line);
}

static bool put(const char *line, size_t len)
{
	struct pollfd poller = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&poller, 1, 0) == 1 && poller.revents & POLLOUT &&
	       write(STDERR_FILENO, line, len) >= 0;
}

static bool put_dropped(void)
{
	char line[96];
	int len = snprintf(line, sizeof(line),
			   "qrngd: lines dropped, as standard error took no more: %lu\n", dropped);

	return put(line, (size_t)len);
}

static void put_or_drop(const char *line, size_t len)
{
	pthread_mutex_lock(&lock);
	if (dropped && put_dropped())
		dropped = 0;
	if (dropped || !put(line, len))
		dropped++;
	pthread_mutex_unlock(&lock);
}

void qrngd_log(const char *format, ...)
{
	static const char prefix[] = "qrngd: ";
	char line[1024];
	va_list args;
	size_t len = sizeof(prefix) - 1;
	int printed;

	snprintf(line, sizeof(line), "%s", prefix);
	va_start(args, format);
	printed = vsnprintf(line + len, sizeof(line) - len, format, args);
	va_end(args);
	if (printed > 0)
		len += (size_t)printed;
	if (len > sizeof(line) - 1)
		len = sizeof(line) - 1;
	if (copy)
		keep(line + sizeof(prefix) - 1, len - (sizeof(prefix) - 1));
	line[len++] = '\n';
	put_or_drop(line, len);
}
