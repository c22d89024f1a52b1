// SPDX-License-Identifier: MIT
/*
 * devio: one system call on a character device, its outcome as one line, for scripts that need
 * to see the errno and not only "failed".
 *
 *   devio read DEVICE BYTES       read() as open() comes, may block
 *   devio nonblock DEVICE BYTES   read() with O_NONBLOCK
 *   devio poll DEVICE MS          poll() for POLLIN, MS < 0 waits for ever
 *
 * Prints "bytes=N" or "events=NAME[|NAME]" (0 for a time-out) or "errno=NAME"; exit code 0 for
 * each of these, 1 for wrong arguments. The bytes themselves go nowhere.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int print_errno(void)
{
	printf("errno=%s\n", strerrorname_np(errno));
	return 0;
}

static int do_read(int fd, long bytes)
{
	char *buffer = malloc(bytes ? bytes : 1);
	ssize_t got;

	if (!buffer)
		return print_errno();
	got = read(fd, buffer, bytes);
	if (got < 0)
		print_errno();
	else
		printf("bytes=%zd\n", got);
	free(buffer);
	return 0;
}

static int do_poll(int fd, long limit_ms)
{
	static const struct {
		short bit;
		const char *name;
	} names[] = {
		{ POLLIN, "POLLIN" }, { POLLERR, "POLLERR" }, { POLLHUP, "POLLHUP" },
	};
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	const char *separator = "";
	size_t i;

	if (poll(&pfd, 1, limit_ms) < 0)
		return print_errno();
	printf("events=%s", pfd.revents ? "" : "0");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(pfd.revents & names[i].bit))
			continue;
		printf("%s%s", separator, names[i].name);
		separator = "|";
	}
	putchar('\n');
	return 0;
}

static int usage(void)
{
	fputs("usage: devio read|nonblock DEVICE BYTES | devio poll DEVICE MS\n", stderr);
	return 1;
}

int main(int argc, char **argv)
{
	int flags = O_RDONLY | O_CLOEXEC;
	bool polling;
	long number;
	char *end;
	int fd;

	if (argc != 4)
		return usage();
	polling = !strcmp(argv[1], "poll");
	if (!strcmp(argv[1], "nonblock"))
		flags |= O_NONBLOCK;
	else if (strcmp(argv[1], "read") && !polling)
		return usage();
	number = strtol(argv[3], &end, 10);
	if (*end || end == argv[3] || (number < 0 && !polling))
		return usage();

	fd = open(argv[2], flags);
	if (fd < 0)
		return print_errno();
	return polling ? do_poll(fd, number) : do_read(fd, number);
}
