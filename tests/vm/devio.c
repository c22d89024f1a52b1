// SPDX-License-Identifier: MIT
/*
 * devio: one system call on a character device, its outcome as one line, for scripts that need
 * to see the errno and not only "failed".
 *
 *   devio read DEVICE BYTES       read() as open() comes, may block
 *   devio nonblock DEVICE BYTES   read() with O_NONBLOCK
 *   devio nowait DEVICE BYTES     preadv2() with RWF_NOWAIT
 *   devio splice DEVICE BYTES     splice() into a pipe
 *   devio fault DEVICE BYTES      read() into memory that is not there
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
#include <sys/uio.h>
#include <unistd.h>

static int print_errno(void)
{
	printf("errno=%s\n", strerrorname_np(errno));
	return 0;
}

static int print_bytes(ssize_t got)
{
	if (got < 0)
		return print_errno();
	printf("bytes=%zd\n", got);
	return 0;
}

static int read_flags(int fd, long bytes, int flags)
{
	struct iovec piece = { .iov_base = malloc(bytes ? bytes : 1), .iov_len = bytes };

	if (!piece.iov_base)
		return print_errno();
	print_bytes(flags ? preadv2(fd, &piece, 1, -1, flags) : read(fd, piece.iov_base, bytes));
	free(piece.iov_base);
	return 0;
}

static int do_read(int fd, long bytes)
{
	return read_flags(fd, bytes, 0);
}

static int do_nowait(int fd, long bytes)
{
	return read_flags(fd, bytes, RWF_NOWAIT);
}

static int do_splice(int fd, long bytes)
{
	int ends[2];

	if (pipe(ends))
		return print_errno();
	return print_bytes(splice(fd, NULL, ends[1], NULL, bytes, 0));
}

/* Page 0 is never mapped; the compiler must not know that it is page 0. */
static int do_fault(int fd, long bytes)
{
	void *volatile nowhere = (void *)16;

	return print_bytes(read(fd, nowhere, bytes));
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

static const struct action {
	const char *name;
	int (*run)(int fd, long number);
	int flags;
	bool signed_number;
} actions[] = {
	{ "read", do_read, 0, false },
	{ "nonblock", do_read, O_NONBLOCK, false },
	{ "nowait", do_nowait, 0, false },
	{ "splice", do_splice, 0, false },
	{ "fault", do_fault, 0, false },
	{ "poll", do_poll, 0, true },
};

static const struct action *find_action(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(name, actions[i].name))
			return &actions[i];
	return NULL;
}

static int usage(void)
{
	fputs("usage: devio read|nonblock|nowait|splice|fault DEVICE BYTES | devio poll DEVICE MS\n",
	      stderr);
	return 1;
}

int main(int argc, char **argv)
{
	const struct action *action = argc == 4 ? find_action(argv[1]) : NULL;
	long number;
	char *end;
	int fd;

	if (!action)
		return usage();
	number = strtol(argv[3], &end, 10);
	if (*end || end == argv[3] || (number < 0 && !action->signed_number))
		return usage();

	fd = open(argv[2], O_RDONLY | O_CLOEXEC | action->flags);
	if (fd < 0)
		return print_errno();
	return action->run(fd, number);
}
