// SPDX-License-Identifier: MIT
/*
 * failnth: lets every allocation and every copy from or to userspace in one call fail, one
 * after the other.
 *
 *   failnth ACTION [ARGUMENT [STEP]]
 *
 * The kernel's fault injection fails the Nth of them for N = 1, 2, ... until the call gets through
 * without having met that many; or for N = 1, 1 + STEP, ... A call that fails must say so with an
 * errno that fits, one that does not must have worked. Prints "ACTION: N failures injected, M calls
 * failed", or "wrong: ..." and ends with exit code 1. Actions that take an argument: bind (a PCI
 * address), load (a module).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../uapi/qrng.h"

#define DEVICE	  "/dev/" QRNG_DRBG_DEVICE
#define DRIVER	  "/sys/bus/pci/drivers/qrng_quantis/"
#define MOST	  20000
#define BUSY_MOST 1000

static char room[65536];
static const char *argument;
static int device, nth_file, busy, step = 1;
static uint32_t generator;

static void wrong(const char *what, long number)
{
	printf("wrong: %s: %ld (%s)\n", what, number, strerror(errno));
	exit(1);
}

static void inject(int nth)
{
	int tries = 2; /* the writing itself may be what fails, once */
	char text[16];
	size_t length = (size_t)sprintf(text, "%d", nth);

	while (pwrite(nth_file, text, length, 0) < 0)
		if (!--tries)
			wrong("fail-nth can not be written", nth);
}

/* Has the failure not happened yet? If it hits the question, it has not. */
static bool is_pending(void)
{
	char text[16] = "";

	return pread(nth_file, text, sizeof(text) - 1, 0) < 0 || strtol(text, NULL, 10) > 0;
}

static void open_device(void)
{
	device = open(DEVICE, O_RDONLY | O_CLOEXEC);
	if (device < 0)
		wrong("the device can not be opened any more", errno);
}

static void close_device(void)
{
	close(device);
}

/* The actions: each returns what a system call does. */

static long do_open(void)
{
	device = open(DEVICE, O_RDONLY | O_CLOEXEC);
	return device < 0 ? -1 : close(device);
}

static long do_read(void)
{
	long got = read(device, room, 40000);

	/* An end before the time is not forbidden; an end at once is. */
	return got ?: -1;
}

static long do_small_read(void)
{
	return read(device, room, 16) == 16 ? 0 : -1;
}

static long do_splice(void)
{
	int ends[2];
	long got;

	if (pipe(ends))
		return -1;
	got = splice(device, NULL, ends[1], NULL, 20000, 0);
	close(ends[0]);
	close(ends[1]);
	return got;
}

static long do_poll(void)
{
	struct pollfd pfd = { .fd = device, .events = POLLIN };

	return poll(&pfd, 1, 0);
}

static long do_info(void)
{
	return ioctl(device, QRNG_IOC_INFO, room);
}

/* Every type in turn, from whatever the last call has left. */
static long do_generator(void)
{
	generator = (generator + 1) % (QRNG_GENERATOR_FORTUNA + 1);
	return ioctl(device, QRNG_IOC_SET_GENERATOR, &generator) ?: do_small_read();
}

static long do_map(void)
{
	volatile char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, device, 0);

	if (page == MAP_FAILED)
		return -1;
	/* Not touched: who has no memory at a page fault gets a signal. */
	return munmap((void *)page, 4096);
}

static long write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	long got;

	if (fd < 0)
		return -1;
	got = write(fd, text, strlen(text));
	close(fd);
	return got;
}

static long do_bind(void)
{
	return write_file(DRIVER "bind", argument);
}

static void unbind(void)
{
	write_file(DRIVER "unbind", argument);
}

static long do_load(void)
{
	int fd = open(argument, O_RDONLY | O_CLOEXEC);
	long ret;

	if (fd < 0)
		return -1;
	ret = syscall(SYS_finit_module, fd, "", 0);
	close(fd);
	return ret;
}

static void unload(void)
{
	syscall(SYS_delete_module, "qrng", O_NONBLOCK);
}

/* Netlink: the call is the sending, in which the kernel does what is asked. */

static struct {
	const char *name;
	uint64_t value;
	uint16_t flags;
	uint8_t command, attr, size;
	bool of_source;
} requests[] = {
	{ "source-get", 0, 0, QRNG_CMD_SOURCE_GET, 0, 0, true },
	{ "source-dump", 0, NLM_F_DUMP, QRNG_CMD_SOURCE_GET, 0, 0, false },
	{ "drbg-get", 0, 0, QRNG_CMD_DRBG_GET, 0, 0, false },
	{ "health-get", 0, 0, QRNG_CMD_HEALTH_GET, 0, 0, true },
	{ "health-dump", 0, NLM_F_DUMP, QRNG_CMD_HEALTH_GET, 0, 0, false },
	{ "stats-get", 0, 0, QRNG_CMD_STATS_GET, 0, 0, true },
	{ "stats-dump", 0, NLM_F_DUMP, QRNG_CMD_STATS_GET, 0, 0, false },
	{ "pool-get", 0, 0, QRNG_CMD_POOL_GET, 0, 0, false },
	{ "pool-dump", 0, NLM_F_DUMP, QRNG_CMD_POOL_GET, 0, 0, false },
	{ "source-set", 1, NLM_F_ACK, QRNG_CMD_SOURCE_SET, QRNG_A_SOURCE_ENABLED, 4, true },
	{ "source-test", 0, NLM_F_ACK, QRNG_CMD_SOURCE_TEST, 0, 0, true },
	{ "source-reset", 0, NLM_F_ACK, QRNG_CMD_SOURCE_RESET, 0, 0, true },
	{ "drbg-set", 60, NLM_F_ACK, QRNG_CMD_DRBG_SET, QRNG_A_DRBG_RESEED_INTERVAL, 4, false },
	{ "drbg-reseed", 0, NLM_F_ACK, QRNG_CMD_DRBG_RESEED, 0, 0, false },
};

static size_t request;
static uint16_t family;
static int line;
static _Alignas(8) char message[256];

static struct nlmsghdr *begin(uint16_t type, uint8_t command, uint16_t flags)
{
	struct nlmsghdr *head = (struct nlmsghdr *)message;

	*head = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
				   .nlmsg_type = type,
				   .nlmsg_flags = NLM_F_REQUEST | flags };
	*(struct genlmsghdr *)NLMSG_DATA(head) =
		(struct genlmsghdr){ .cmd = command, .version = QRNG_GENL_VERSION };
	return head;
}

static void put(struct nlmsghdr *head, uint16_t type, const void *data, size_t length)
{
	struct nlattr *attr = (struct nlattr *)(message + head->nlmsg_len);

	*attr = (struct nlattr){ .nla_type = type, .nla_len = (uint16_t)(NLA_HDRLEN + length) };
	memcpy((char *)attr + NLA_HDRLEN, data, length);
	head->nlmsg_len += NLA_HDRLEN + (uint32_t)NLA_ALIGN(length);
}

static void open_line(void)
{
	line = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_GENERIC);
	if (line < 0)
		wrong("no netlink socket", errno);
}

static void close_line(void)
{
	close(line);
}

/* Returns the error that came back, or -1 with errno when the sending failed. */
static long do_request(void)
{
	struct nlmsghdr *head = begin(family, requests[request].command, requests[request].flags);
	struct nlmsghdr *answer = (struct nlmsghdr *)room;

	/* The name has the same number in each set of attributes that has one. */
	if (requests[request].of_source)
		put(head, QRNG_A_SOURCE_NAME, "quantis.0", sizeof("quantis.0"));
	if (requests[request].attr)
		put(head, requests[request].attr, &requests[request].value, requests[request].size);
	if (send(line, head, head->nlmsg_len, 0) < 0 || recv(line, room, sizeof(room), 0) < 0)
		return -1;
	if (answer->nlmsg_type == NLMSG_ERROR) {
		errno = -((struct nlmsgerr *)NLMSG_DATA(answer))->error;
		return errno ? -1 : 0;
	}
	return 0;
}

static void resolve(void)
{
	struct nlmsghdr *head = begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	const char *at = room + NLMSG_LENGTH(GENL_HDRLEN);
	ssize_t left;

	open_line();
	put(head, CTRL_ATTR_FAMILY_NAME, QRNG_GENL_NAME, sizeof(QRNG_GENL_NAME));
	send(line, head, head->nlmsg_len, 0);
	left = recv(line, room, sizeof(room), 0) - NLMSG_LENGTH(GENL_HDRLEN);
	for (const struct nlattr *attr; left >= NLA_HDRLEN;) {
		attr = (const struct nlattr *)at;
		if (attr->nla_type == CTRL_ATTR_FAMILY_ID)
			family = *(const uint16_t *)(at + NLA_HDRLEN);
		at += NLA_ALIGN(attr->nla_len);
		left -= NLA_ALIGN(attr->nla_len);
	}
	close_line();
	if (!family)
		wrong("no family of that name", 0);
}

static void nothing(void)
{
}

static const struct action {
	const char *name;
	void (*before)(void);
	long (*act)(void);
	void (*after)(void);
} actions[] = {
	{ "open", nothing, do_open, nothing },
	{ "read", open_device, do_read, close_device },
	{ "small-read", open_device, do_small_read, close_device },
	{ "splice", open_device, do_splice, close_device },
	{ "poll", open_device, do_poll, close_device },
	{ "info", open_device, do_info, close_device },
	{ "generator", open_device, do_generator, close_device },
	{ "map", open_device, do_map, close_device },
	{ "bind", unbind, do_bind, unbind },
	{ "load", unload, do_load, unload },
}, netlink_action = { "netlink", open_line, do_request, close_line };

static bool is_fitting(int error)
{
	return error == ENOMEM || error == EFAULT || error == ENOBUFS || error == EAGAIN ||
	       error == ENFILE || error == EBUSY; /* a region of memory that has no record */
}

/* Returns whether the @nth failure is still pending after the call; counts a call that failed. */
static bool fail_one(const struct action *action, const char *name, int nth, int *failed)
{
	bool pending;
	int error;
	long ret;

	do {
		action->before();
		inject(nth);
		ret = action->act();
		error = errno;
		pending = is_pending();
		inject(0);
		action->after();
		/* Not this time: a test of the source, or a reseed, has only just been. */
	} while (ret < 0 && pending && (error == EBUSY || error == EAGAIN) && busy++ < BUSY_MOST &&
		 !usleep(100000));
	errno = error;
	if (ret < 0 && (pending || !is_fitting(error)))
		wrong(name, nth);
	*failed += ret < 0;
	return pending;
}

/* Returns how many failures could be injected. */
static int fail_each(const struct action *action, const char *name)
{
	int nth = 1, injected = 0, failed = 0;

	for (; !fail_one(action, name, nth, &failed); nth += step) {
		injected++;
		if (nth > MOST)
			wrong("the call never gets through", nth);
	}
	printf("%s: %d failures injected, %d calls failed\n", name, injected, failed);
	return injected;
}

static int run(const char *name)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(name, actions[i].name))
			return fail_each(&actions[i], name);
	for (request = 0; request < sizeof(requests) / sizeof(requests[0]); request++) {
		if (strcmp(name, requests[request].name) != 0)
			continue;
		resolve();
		return fail_each(&netlink_action, name);
	}
	fprintf(stderr, "failnth: no action '%s'\n", name);
	exit(1);
}

int main(int argc, char **argv)
{
	if (argc < 2 || argc > 4 || (argc == 4 && (step = (int)strtol(argv[3], NULL, 10)) < 1)) {
		fputs("usage: failnth ACTION [ARGUMENT [STEP]]\n", stderr);
		return 1;
	}
	argument = argc > 2 ? argv[2] : "";
	nth_file = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_file < 0)
		wrong("this kernel injects no failures", errno);
	return run(argv[1]) > 0 ? 0 : 1;
}
