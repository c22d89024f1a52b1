// SPDX-License-Identifier: MIT
/*
 * crowd: many readers at once, of devices that come and go.
 *
 *   crowd SECONDS SEED DEVICE...
 *
 * For SECONDS, or until it gets a SIGINT.
 *
 * Three processes for each device: one reads as open() comes and is interrupted now and then, one
 * polls and reads what is there, one splices. Each opens anew after some reads. Devices that
 * are not there are tried again.
 *
 * Prints one line for each device, "DEVICE: reads=N bytes=N errors=N", and "wrong: ..." for what must
 * not be: an error that makes no sense, a process that can not be ended, or bytes that no health
 * test lets pass, those of a stuck or a dull source. Exit code 0 only if there is no such line.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "seeded.h"

#define KINDS	  3
#define BUFFER	  16384
#define END_LIMIT 600 /* seconds from the signal to the end of every process */

/*
 * Bytes of 6 bits of entropy: the tests drop a burst with a run of 6, or 47 of a kind in 512 bytes. What
 * is served may have lost bursts in between, so twice as much must be allowed.
 */
#define LONGEST_RUN 12
#define WINDOW	    1024
#define MOST_ALIKE  200

struct tally {
	volatile uint64_t reads, bytes, errors;
	volatile int wrong_errno;
	volatile bool stuck, dull;
};

static unsigned char buffer[BUFFER];

static void interrupt(int number)
{
	(void)number;
}

static void look_for_run(struct tally *tally, size_t length)
{
	size_t run = 1;

	for (size_t i = 1; i < length; i++) {
		run = buffer[i] == buffer[i - 1] ? run + 1 : 1;
		tally->stuck |= run >= LONGEST_RUN;
	}
}

static void look_for_favourite(struct tally *tally, const unsigned char *window)
{
	unsigned int seen[256] = { 0 };

	for (size_t i = 0; i < WINDOW; i++)
		tally->dull |= ++seen[window[i]] > MOST_ALIKE;
}

static void judge(struct tally *tally, ssize_t got)
{
	if (got < 0) {
		tally->errors++;
		if (errno != EAGAIN && errno != EINTR && errno != ENODEV && errno != EIO)
			tally->wrong_errno = errno;
		return;
	}
	tally->reads++;
	tally->bytes += (uint64_t)got;
	look_for_run(tally, (size_t)got);
	for (ssize_t at = 0; at + WINDOW <= got; at += WINDOW)
		look_for_favourite(tally, buffer + at);
}

static ssize_t splice_some(int fd, size_t length)
{
	ssize_t got;
	int ends[2];

	if (pipe(ends))
		return -1;
	got = splice(fd, NULL, ends[1], NULL, length, SPLICE_F_NONBLOCK);
	if (got > 0)
		got = read(ends[0], buffer, (size_t)got);
	else if (got < 0 && errno == EINVAL)
		errno = EAGAIN; /* not every device can be spliced */
	close(ends[0]);
	close(ends[1]);
	return got;
}

static ssize_t read_some(int fd, int kind)
{
	size_t length = 1 + draw() % (draw() % 4 ? 100 : BUFFER);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	if (kind == 2)
		return splice_some(fd, length);
	if (kind == 1 && poll(&pfd, 1, (int)(draw() % 50)) < 0)
		return -1;
	return read(fd, buffer, length);
}

static void read_for_ever(struct tally *tally, const char *device, int kind)
{
	const struct itimerval often = { { 0, 90000 }, { 0, 90000 } };
	const struct sigaction action = { .sa_handler = interrupt };
	int fd;

	sigaction(SIGALRM, &action, NULL);
	if (kind == 0)
		setitimer(ITIMER_REAL, &often, NULL);
	for (;;) {
		fd = open(device, O_RDONLY | O_CLOEXEC | (kind ? O_NONBLOCK : 0));
		for (uint64_t i = fd < 0 ? 0 : draw() % 20; i; i--) {
			judge(tally, read_some(fd, kind));
			usleep((useconds_t)(draw() % 4000));
		}
		if (fd >= 0)
			close(fd);
		else
			usleep(20000);
	}
}

static void start(struct tally *tally, uint64_t seed, char **devices, int count)
{
	for (int i = 0; i < count * KINDS; i++) {
		if (fork())
			continue;
		seeded_state = seed + (uint64_t)i * 0x10001;
		read_for_ever(&tally[i / KINDS], devices[i / KINDS], i % KINDS);
	}
}

/* Returns how many processes could not be ended. */
static int end_all(int processes)
{
	int left = processes;

	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	for (int i = 0; left && i < END_LIMIT * 100; i++) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			left--;
		usleep(10000);
	}
	return left;
}

static bool report(const struct tally *tally, const char *device)
{
	printf("%s: reads=%llu bytes=%llu errors=%llu\n", device, (unsigned long long)tally->reads,
	       (unsigned long long)tally->bytes, (unsigned long long)tally->errors);
	if (tally->wrong_errno)
		printf("wrong: %s: errno=%s\n", device, strerrorname_np(tally->wrong_errno));
	if (tally->stuck || tally->dull)
		printf("wrong: %s: %s bytes were served\n", device, tally->stuck ? "stuck" : "dull");
	return !tally->wrong_errno && !tally->stuck && !tally->dull;
}

int main(int argc, char **argv)
{
	unsigned long seconds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	int devices = argc - 3, left;
	struct tally *tally;
	bool good = true;

	if (devices < 1 || seconds < 1) {
		fputs("usage: crowd SECONDS SEED DEVICE...\n", stderr);
		return 1;
	}
	tally = mmap(NULL, sizeof(*tally) * (size_t)devices, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED || setpgid(0, 0))
		return 1;
	signal(SIGINT, interrupt);
	start(tally, strtoull(argv[2], NULL, 0), argv + 3, devices);
	sleep((unsigned int)seconds);
	left = end_all(devices * KINDS);
	for (int i = 0; i < devices; i++)
		good &= report(&tally[i], argv[3 + i]);
	if (left)
		printf("wrong: %d processes can not be ended\n", left);
	return good && !left ? 0 : 1;
}
