// SPDX-License-Identifier: MIT
/*
 * drbgio: what /dev/qrng_drbg can do beyond a plain read, one question a call.
 *
 *   drbgio info BYTES             read so many, then QRNG_IOC_INFO
 *   drbgio generator ID           QRNG_IOC_SET_GENERATOR, read 100000 bytes in two sizes, QRNG_IOC_INFO
 *   drbgio reseed wait|nowait     QRNG_IOC_RESEED, without and with O_NONBLOCK, QRNG_IOC_INFO
 *   drbgio command NUMBER         an ioctl of that number
 *   drbgio fault                  each ioctl with memory that is not there
 *   drbgio map OFFSET BYTES PROT  mmap, PROT of the letters r, w, x; then mprotect to write
 *   drbgio private                a private mapping, written to
 *   drbgio follow SECONDS         waits for the mapped generation to move, compares it with QRNG_IOC_INFO
 *   drbgio preadv BYTES           preadv2() with RWF_NOWAIT
 *   drbgio edge BYTES             read over the end of the memory that is there, BYTES before it
 *   drbgio interrupt BYTES        long reads, until a signal cuts one short
 *   drbgio kill BYTES             SIGKILL to a process in a long read
 *   drbgio share COUNT            COUNT processes read one open file; the blocks of 32 bytes that came twice
 *   drbgio hold COUNT             opens and reads COUNT files, prints "open", and holds them until
 *                                 its input ends
 *
 * Prints one line; exit code 0 unless the question was wrong or could not be put.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../uapi/qrng.h"

#define DEVICE "/dev/" QRNG_DRBG_DEVICE
#define PAGE 4096

static int say_errno(void)
{
	printf("errno=%s\n", strerrorname_np(errno));
	return 0;
}

static int say_bytes(ssize_t got)
{
	if (got < 0)
		return say_errno();
	printf("bytes=%zd\n", got);
	return 0;
}

static int say_info(int fd)
{
	struct qrng_file_info info;

	if (ioctl(fd, QRNG_IOC_INFO, &info))
		return say_errno();
	printf("state=%u generator=%u follows=%s output=%llu aged=%s\n", info.state, info.generator,
	       info.generation == info.current_generation ? "yes" : "no", info.output_bytes,
	       info.reseed_age_ms < 3600000 ? "yes" : "no");
	return 0;
}

static void *memory(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED) {
		perror("drbgio: memory");
		exit(1);
	}
	return at;
}

static int do_info(int fd, char **args)
{
	size_t bytes = strtoul(args[0], NULL, 10);

	if (read(fd, memory(bytes + 1), bytes) != (ssize_t)bytes)
		return say_errno();
	return say_info(fd);
}

static int do_generator(int fd, char **args)
{
	__u32 id = strtoul(args[0], NULL, 10);
	char *buffer = memory(99000);

	if (ioctl(fd, QRNG_IOC_SET_GENERATOR, &id) || read(fd, buffer, 1000) != 1000 ||
	    read(fd, buffer, 99000) != 99000)
		return say_errno();
	return say_info(fd);
}

static int do_reseed(int fd, char **args)
{
	if (!strcmp(args[0], "nowait") && fcntl(fd, F_SETFL, O_NONBLOCK))
		return say_errno();
	if (ioctl(fd, QRNG_IOC_RESEED))
		return say_errno();
	return say_info(fd);
}

static int do_command(int fd, char **args)
{
	char argument[64] = { 0 };

	if (ioctl(fd, strtoul(args[0], NULL, 0), argument))
		return say_errno();
	puts("done");
	return 0;
}

static int do_fault(int fd, char **args)
{
	void *volatile nowhere = (void *)16;

	(void)args;
	if (!ioctl(fd, QRNG_IOC_INFO, nowhere) || errno != EFAULT ||
	    !ioctl(fd, QRNG_IOC_SET_GENERATOR, nowhere))
		puts("no fault");
	else
		say_errno();
	return 0;
}

static int protection(const char *letters)
{
	return (strchr(letters, 'r') ? PROT_READ : 0) | (strchr(letters, 'w') ? PROT_WRITE : 0) |
	       (strchr(letters, 'x') ? PROT_EXEC : 0);
}

static int do_map(int fd, char **args)
{
	size_t bytes = strtoul(args[1], NULL, 10);
	void *at;

	/* Only root may open it so, and even that must not help. */
	if (strchr(args[2], 'w'))
		fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	at = mmap(NULL, bytes, protection(args[2]), MAP_SHARED, fd, strtol(args[0], NULL, 10));
	if (at == MAP_FAILED)
		return say_errno();
	printf("mapped, then ");
	if (!mprotect(at, bytes, PROT_READ | PROT_WRITE))
		puts("writable");
	else
		say_errno();
	return 0;
}

static int do_private(int fd, char **args)
{
	void *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	(void)args;
	if (at == MAP_FAILED)
		return say_errno();
	puts("mapped");
	return 0;
}

static int do_follow(int fd, char **args)
{
	const volatile struct qrng_generation_page *page;
	time_t limit = time(NULL) + strtol(args[0], NULL, 10);
	struct qrng_file_info before, moved, after;
	char byte;

	page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED || read(fd, &byte, 1) != 1 || ioctl(fd, QRNG_IOC_INFO, &before))
		return say_errno();
	puts("follows");
	fflush(stdout);
	while (page->generation == before.generation && time(NULL) < limit)
		usleep(10000);
	if (ioctl(fd, QRNG_IOC_INFO, &moved) || read(fd, &byte, 1) != 1 ||
	    ioctl(fd, QRNG_IOC_INFO, &after))
		return say_errno();
	printf("moved=%s told=%s behind=%s caught-up=%s\n",
	       page->generation > before.generation ? "yes" : "no",
	       moved.current_generation > before.current_generation ? "yes" : "no",
	       moved.generation == before.generation ? "yes" : "no",
	       after.generation >= moved.current_generation ? "yes" : "no");
	return 0;
}

static int do_preadv(int fd, char **args)
{
	size_t bytes = strtoul(args[0], NULL, 10);
	struct iovec vector = { memory(bytes), bytes };

	return say_bytes(preadv2(fd, &vector, 1, -1, RWF_NOWAIT));
}

static int do_edge(int fd, char **args)
{
	size_t bytes = strtoul(args[0], NULL, 10), room = (bytes / PAGE + 1) * PAGE;
	char *at = memory(room + 8 * PAGE);

	if (mprotect(at + room, 8 * PAGE, PROT_NONE))
		return say_errno();
	return say_bytes(read(fd, at + room - bytes, bytes + 8 * PAGE));
}

static void wake(int number)
{
	(void)number;
}

static int do_interrupt(int fd, char **args)
{
	const struct sigaction action = { .sa_handler = wake };
	const struct itimerval often = { { 0, 20000 }, { 0, 20000 } };
	size_t bytes = strtoul(args[0], NULL, 10);
	char *buffer = memory(bytes);
	int tries;

	memset(buffer, 0, bytes);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (tries = 0; tries < 50; tries++) {
		ssize_t got = read(fd, buffer, bytes);

		if (got < 0)
			return say_errno();
		if ((size_t)got == bytes)
			continue;
		printf("short, of %s pages\n", got % PAGE ? "broken" : "whole");
		return 0;
	}
	puts("never short");
	return 0;
}

static int do_kill(int fd, char **args)
{
	size_t bytes = strtoul(args[0], NULL, 10);
	char *buffer = memory(bytes);
	pid_t child = fork();
	int status;

	if (!child) {
		while (read(fd, buffer, bytes) > 0)
			;
		_exit(1);
	}
	usleep(100000);
	kill(child, SIGKILL);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return say_errno();
	puts(WIFSIGNALED(status) ? "killed" : "ended by itself");
	return 0;
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

static int do_share(int fd, char **args)
{
	enum { BLOCKS = 2000 };
	long count = strtol(args[0], NULL, 10), i;
	char (*shared)[32] = mmap(NULL, count * BLOCKS * 32, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, twice = 0;

	if (shared == MAP_FAILED)
		return say_errno();
	for (i = 0; i < count; i++) {
		long block;

		if (fork())
			continue;
		for (block = 0; block < BLOCKS; block++)
			if (read(fd, shared[i * BLOCKS + block], 32) != 32)
				_exit(1);
		_exit(0);
	}
	while (wait(&status) > 0)
		if (status)
			twice = -1;
	qsort(shared, count * BLOCKS, 32, compare);
	for (i = 1; i < count * BLOCKS && twice >= 0; i++)
		twice += !compare(shared[i - 1], shared[i]);
	printf("twice=%d\n", twice);
	return 0;
}

static int do_hold(int fd, char **args)
{
	long count = strtol(args[0], NULL, 10), i;
	struct rlimit limit = { count + 16, count + 16 };
	char bytes[32];

	(void)fd;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		return say_errno();
	for (i = 0; i < count; i++) {
		int other = open(DEVICE, O_RDONLY);

		if (other < 0 || read(other, bytes, sizeof(bytes)) != sizeof(bytes))
			return say_errno();
	}
	puts("open");
	fflush(stdout);
	while (read(0, bytes, sizeof(bytes)) > 0)
		;
	return 0;
}

static const struct question {
	const char *name;
	int (*ask)(int fd, char **args);
	int args;
} questions[] = {
	{ "info", do_info, 1 },	      { "generator", do_generator, 1 }, { "reseed", do_reseed, 1 },
	{ "command", do_command, 1 }, { "fault", do_fault, 0 },		{ "map", do_map, 3 },
	{ "private", do_private, 0 }, { "follow", do_follow, 1 },	{ "preadv", do_preadv, 1 },
	{ "edge", do_edge, 1 },	      { "interrupt", do_interrupt, 1 },	{ "kill", do_kill, 1 },
	{ "share", do_share, 1 },     { "hold", do_hold, 1 },
};

int main(int argc, char **argv)
{
	size_t i;
	int fd;

	for (i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		if (argc < 2 || strcmp(argv[1], questions[i].name) || argc != 2 + questions[i].args)
			continue;
		fd = open(DEVICE, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return say_errno();
		return questions[i].ask(fd, argv + 2);
	}
	fputs("usage: drbgio QUESTION [ARGUMENT]...; see the top of drbgio.c\n", stderr);
	return 1;
}
