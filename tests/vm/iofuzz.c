// SPDX-License-Identifier: MIT
/*
 * iofuzz: uses devices in every way there is, mostly wrongly.
 *
 *   iofuzz SEED CALLS DEVICE...
 *
 * Two processes share the open files. What is asked for must not be overrun, a read-only
 * device must not become writable, and every call ends when a signal comes. Devices that are not there
 * are tried again. Prints what was done, or "wrong: SEED CALL: ..." and ends with exit code 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../uapi/qrng.h"
#include "seeded.h"

#define PAGE	 4096
#define ROOM	 (64 * PAGE) /* then a page that is not there */
#define GUARD	 64
#define CANARY	 0xa5
#define FILES	 6
#define TICK_US	 30000
#define PATIENCE 120 /* seconds for a call, and for the other process, to end */

static struct {
	unsigned long calls, good, bytes;
} count;

static unsigned long seed, call, way;
static unsigned char *room;
static int files[FILES];
static char **devices;
static unsigned int device_count;

static void wrong(const char *what, long number)
{
	printf("wrong: %lu %lu: %s (%ld)\n", seed, call, what, number);
	exit(1);
}

/* A call that goes on after many signals will never end. */
static void interrupt(int number)
{
	static unsigned long last, ticks;

	(void)number;
	ticks = call == last ? ticks + 1 : 0;
	last = call;
	if (ticks * TICK_US / 1000000 > PATIENCE)
		wrong("a call does not end", way);
}

static int a_file(void)
{
	return files[below(FILES)];
}

static size_t a_length(void)
{
	static const size_t edges[] = { 0, 1, 16, 31, 32, 33, 63, 64, 65, 3936, 4095, 4096, 4097,
					65536, ROOM };

	return one_in(2) ? edges[below(sizeof(edges) / sizeof(edges[0]))] : below(PAGE);
}

/* Good for nothing, for a part of @length, or for all of it. */
static void *a_bad_place(size_t length)
{
	static const uintptr_t bad[] = { 0, 16, (uintptr_t)-4096, 0x800000000000 };
	void *place;

	if (one_in(2))
		return room + ROOM - length / 2;
	memcpy(&place, &bad[below(4)], sizeof(place));
	return place;
}

static void opens(void)
{
	static const int flags[] = { O_RDONLY, O_NONBLOCK, O_RDWR, O_WRONLY | O_TRUNC, O_DIRECT,
				     O_APPEND | O_RDWR, O_PATH, O_DIRECTORY };
	unsigned int slot = (unsigned int)below(FILES);
	int flag = one_in(3) ? flags[below(8)] : flags[below(2)];

	if (files[slot] >= 0)
		close(files[slot]);
	files[slot] = open(devices[below(device_count)], flag | O_CLOEXEC);
	count.good += files[slot] >= 0;
}

/* @got bytes should have come into @length bytes at @to, and nothing behind them. */
static void judge_read(const unsigned char *to, size_t length, ssize_t got)
{
	if (got > (ssize_t)length)
		wrong("more was read than asked for", got);
	for (size_t i = 0; i < GUARD; i++)
		if (to[length + i] != CANARY)
			wrong("bytes were written behind the buffer", (long)length);
	if (got < 0)
		return;
	count.good++;
	count.bytes += (unsigned long)got;
}

static void reads(void)
{
	size_t length = a_length();
	unsigned char *to = room + below(PAGE);

	length = length > ROOM - PAGE - GUARD ? ROOM - PAGE - GUARD : length;
	memset(to + length, CANARY, GUARD);
	judge_read(to, length, read(a_file(), to, length));
}

static void reads_badly(void)
{
	size_t length = one_in(8) ? draw_edge() : a_length();

	if (read(a_file(), a_bad_place(a_length()), length) > (ssize_t)ROOM)
		wrong("more was read than there is memory", (long)length);
}

static void reads_vectors(void)
{
	static const int flags[] = { 0, RWF_NOWAIT, RWF_HIPRI, RWF_NOWAIT | RWF_HIPRI, RWF_DSYNC };
	struct iovec parts[4];
	off_t offset = one_in(2) ? -1 : (off_t)draw_edge();

	for (int i = 0; i < 4; i++)
		parts[i] = (struct iovec){ room + below(ROOM / 2), below(3 * PAGE) };
	if (one_in(4))
		parts[below(4)].iov_base = a_bad_place(PAGE);
	count.good += preadv2(a_file(), parts, (int)below(5), offset,
			      one_in(8) ? (int)draw() : flags[below(5)]) >= 0;
}

static void writes(void)
{
	if (write(a_file(), room, below(PAGE)) > 0)
		wrong("something was written", 0);
}

static unsigned long a_request(void)
{
	static const unsigned long ours[] = { QRNG_IOC_INFO, QRNG_IOC_SET_GENERATOR,
					      QRNG_IOC_RESEED };
	unsigned int length = one_in(4) ? (unsigned int)below(300) : 4;

	switch (below(4)) {
	case 0:
		return draw();
	case 1: /* the vendor's */
		return _IOC(one_in(2) ? _IOC_READ : _IOC_WRITE, 'q', below(17),
			    one_in(8) ? 256 : length);
	case 2:
		return _IOC(below(4), QRNG_IOC_MAGIC, below(5), length);
	default:
		return ours[below(3)];
	}
}

static void ioctls(void)
{
	unsigned char *to = room + below(PAGE);
	unsigned long argument = (unsigned long)to;

	memset(to, (int)below(5), 4);
	if (one_in(3))
		argument = one_in(2) ? draw_edge() : (unsigned long)a_bad_place(8);
	count.good += ioctl(a_file(), a_request(), argument) >= 0;
}

static void maps(void)
{
	static const int kinds[] = { MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE,
				     MAP_SHARED | MAP_POPULATE };
	int file = a_file(), protection = (int)below(8), kind = kinds[below(4)];
	size_t length = one_in(2) ? PAGE : PAGE * (1 + below(4));
	off_t offset = one_in(2) ? 0 : (off_t)(draw_edge() & ~(uint64_t)(PAGE - 1));
	volatile unsigned char *at = mmap(NULL, length, protection, kind, file, offset);

	if (at == MAP_FAILED)
		return;
	count.good++;
	if (kind != MAP_PRIVATE && protection & PROT_WRITE)
		wrong("a shared mapping can be written", offset);
	if (protection & PROT_READ && length == PAGE && !offset)
		(void)at[below(PAGE)];
	if (kind != MAP_PRIVATE && !mprotect((void *)at, length, PROT_READ | PROT_WRITE))
		wrong("a shared mapping was made writable", offset);
	if (one_in(2))
		madvise((void *)at, length, (int)below(24));
	if (one_in(4)) {
		void *moved = mremap((void *)at, length, 2 * length, MREMAP_MAYMOVE);

		if (moved != MAP_FAILED) {
			munmap(moved, 2 * length);
			return;
		}
	}
	munmap((void *)at, length);
}

static void waits(void)
{
	struct pollfd several[FILES];
	struct epoll_event event = { .events = (uint32_t)draw() & ~(uint32_t)EPOLLWAKEUP };
	int epoll;

	for (int i = 0; i < FILES; i++)
		several[i] = (struct pollfd){ .fd = files[i], .events = (short)draw() };
	if (one_in(2)) {
		count.good += poll(several, FILES, (int)below(60) - 1) >= 0;
		return;
	}
	epoll = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(epoll, EPOLL_CTL_ADD, a_file(), &event);
	count.good += epoll_wait(epoll, &event, 1, (int)below(20)) >= 0;
	close(epoll);
}

static void pipes(void)
{
	size_t length = a_length();
	int ends[2], file = a_file();

	if (pipe2(ends, one_in(2) ? O_NONBLOCK : 0))
		return;
	if (one_in(4)) {
		count.good += splice(ends[0], NULL, file, NULL, length, SPLICE_F_NONBLOCK) >= 0;
	} else if (one_in(3)) {
		count.good += sendfile(ends[1], file, NULL, length % PAGE) >= 0;
	} else {
		count.good += splice(file, NULL, ends[1], NULL, length, (unsigned int)below(8)) >= 0;
		count.good += read(ends[0], room, one_in(2) ? 1 : PAGE) >= 0;
	}
	close(ends[0]);
	close(ends[1]);
}

static void tells(void)
{
	int file = a_file();

	switch (below(7)) {
	case 0:
		fcntl(file, F_SETFL, one_in(2) ? O_NONBLOCK : 0);
		break;
	case 1:
		fcntl(file, F_SETFL, O_ASYNC | (one_in(2) ? O_DIRECT : 0));
		break;
	case 2:
		lseek(file, (off_t)draw_edge(), (int)below(6));
		break;
	case 3:
		ftruncate(file, (off_t)below(PAGE)) ? (void)0 : wrong("the file was cut", file);
		break;
	case 4:
		fsync(file);
		break;
	case 5:
		fallocate(file, 0, 0, PAGE) ? (void)0 : wrong("the file was lengthened", file);
		break;
	default:
		posix_fadvise(file, 0, PAGE, (int)below(6));
	}
}

static void fuzz(unsigned long calls)
{
	static void (*const ways[])(void) = { opens, reads, reads, reads_badly, reads_vectors,
					      writes, ioctls, ioctls, ioctls, maps, maps, waits,
					      pipes, tells };

	for (call = 0; call < calls; call++) {
		count.calls++;
		way = below(sizeof(ways) / sizeof(ways[0]));
		ways[way]();
	}
}

static void be_interrupted(void)
{
	const struct itimerval often = { { 0, TICK_US }, { 0, TICK_US } };
	const struct sigaction action = { .sa_handler = interrupt };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGIO, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

static int other_ended(pid_t other)
{
	int status, left = PATIENCE * 10;

	while (!waitpid(other, &status, WNOHANG) && left--)
		usleep(100000);
	if (left < 0)
		wrong("the other process does not end", other);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	unsigned long calls = argc > 3 ? strtoul(argv[2], NULL, 0) : 0;
	pid_t other;

	if (!calls) {
		fputs("usage: iofuzz SEED CALLS DEVICE...\n", stderr);
		return 1;
	}
	seed = seeded_state = strtoul(argv[1], NULL, 0);
	devices = argv + 3;
	device_count = (unsigned int)argc - 3;
	room = mmap(NULL, ROOM + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED || mprotect(room + ROOM, PAGE, PROT_NONE))
		return 1;
	for (int i = 0; i < FILES; i++) {
		files[i] = -1;
		opens();
	}
	other = fork();
	seeded_state += other ? 0 : 1;
	be_interrupted();
	fuzz(calls);
	if (!other)
		return 0;
	if (other_ended(other))
		wrong("the other process failed", other);
	printf("calls=%lu good=%lu bytes=%lu\n", count.calls, count.good, count.bytes);
	return 0;
}
