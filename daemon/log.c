// SPDX-License-Identifier: MIT
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "json.h"
#include "logfile.h"

/*
 * Whoever waits here may be what answers requests, and who reads our lines may have
 * stopped for good. The lock makes what was polled still true when it is written: no
 * line is longer than what a pipe that polls as writable takes.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long dropped;

/* The same of lines that are not for standard error. */
static _Atomic unsigned long lost;

static _Atomic enum qrngd_log_format used;

/* A kilobyte with what stands before it. */
#define MESSAGE_MAX 1016

/* What a pipe takes in one piece, or not at all. */
#define ENTRY_MAX 4096

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

static bool takes_more(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLOUT };

	return poll(&poller, 1, 0) == 1 && poller.revents & POLLOUT;
}

static bool put(const char *line, size_t len)
{
	return takes_more(STDERR_FILENO) && write(STDERR_FILENO, line, len) == (ssize_t)len;
}

void qrngd_log_time(const struct timeval *time, char text[32])
{
	struct tm parts;
	size_t len;

	gmtime_r(&time->tv_sec, &parts);
	len = strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(text + len, 32 - len, ".%03ldZ", time->tv_usec / 1000);
}

/* Return: bytes of the line, with its newline; 0 if the message is too long for it. */
static size_t dress_json(char line[ENTRY_MAX], const char *message, size_t len)
{
	struct qrngd_json json = { .text = line, .size = ENTRY_MAX - 1 };
	struct timespec now;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	qrngd_log_time(&(struct timeval){ now.tv_sec, now.tv_nsec / 1000 }, text);
	qrngd_json_open(&json, NULL, '{');
	qrngd_json_word(&json, "time", text);
	qrngd_json_word(&json, "program", "qrngd");
	qrngd_json_string(&json, "message", message, len);
	qrngd_json_close(&json, '}');
	line[json.len] = '\n';
	return json.full ? 0 : json.len + 1;
}

static size_t dress(char line[ENTRY_MAX], const char *message, size_t len)
{
	size_t size = 0;

	if (atomic_load(&used) == QRNGD_LOG_JSON) {
		for (; !size; len /= 2)
			size = dress_json(line, message, len);
		return size;
	}
	return (size_t)snprintf(line, ENTRY_MAX, "qrngd: %.*s\n", (int)len, message);
}

static bool put_dropped(void)
{
	char message[96], line[ENTRY_MAX];
	int len = snprintf(message, sizeof(message),
			   "lines dropped, as standard error took no more: %lu", dropped);

	return put(line, dress(line, message, (size_t)len));
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

/* Said once when it begins, and once when it is over: each line would be a line again. */
static void put_or_lose(int fd, const char *line, size_t len)
{
	int err = takes_more(fd) ? qrngd_logfile_append(fd, line, len) : -EAGAIN;
	unsigned long before;

	if (!err) {
		before = atomic_exchange(&lost, 0);
		if (before)
			qrngd_log("the access log takes lines again; lost: %lu", before);
	} else if (atomic_fetch_add(&lost, 1) == 0) {
		qrngd_log("the access log takes no lines: %s", strerror(-err));
	}
}

void qrngd_log_line(int fd, const char *line, size_t len)
{
	if (fd == STDERR_FILENO)
		put_or_drop(line, len);
	else
		put_or_lose(fd, line, len);
}

void qrngd_log_use(enum qrngd_log_format format)
{
	atomic_store(&used, format);
}

void qrngd_log(const char *format, ...)
{
	char message[MESSAGE_MAX], line[ENTRY_MAX];
	va_list args;
	size_t len;
	int printed;

	va_start(args, format);
	printed = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	len = printed < 0 ? 0 : (size_t)printed;
	if (len > sizeof(message) - 1)
		len = sizeof(message) - 1;
	if (copy)
		keep(message, len);
	put_or_drop(line, dress(line, message, len));
}
