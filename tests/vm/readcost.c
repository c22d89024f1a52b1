// SPDX-License-Identifier: MIT
/*
 * readcost: what reads cost, for a guest whose clock counts instructions (tests/vm/run --icount).
 *
 *   readcost getrandom BYTES            getrandom(2)
 *   readcost DEVICE BYTES               read(2) of a device
 *   readcost DEVICE BYTES GENERATOR     the same of /dev/qrng_drbg, with the generator of that number
 *
 * Prints nanoseconds of a single call; in such a guest: instructions. The best of several rounds
 * of many calls, since interrupts only ever add; before them, calls that nobody counts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../uapi/qrng.h"

#define ROUNDS 8
#define ROUND_BYTES (1L << 20)
#define ROUND_CALLS_MAX 4096

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

/* A system call for each, whatever the library makes of getrandom(). */
static long get(int fd, char *buffer, size_t bytes)
{
	return fd < 0 ? syscall(SYS_getrandom, buffer, bytes, 0) : read(fd, buffer, bytes);
}

static double one_round(int fd, char *buffer, size_t bytes)
{
	long calls = ROUND_BYTES / (long)bytes, i, start;

	if (calls > ROUND_CALLS_MAX)
		calls = ROUND_CALLS_MAX;
	start = now();
	for (i = 0; i < calls; i++) {
		if (get(fd, buffer, bytes) != (long)bytes) {
			fprintf(stderr, "readcost: %s\n", strerror(errno));
			exit(1);
		}
	}
	return (double)(now() - start) / calls;
}

static int open_device(const char *name, const char *generator)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	__u32 id;

	if (fd < 0) {
		perror(name);
		exit(1);
	}
	if (generator) {
		id = strtoul(generator, NULL, 10);
		if (ioctl(fd, QRNG_IOC_SET_GENERATOR, &id)) {
			perror("QRNG_IOC_SET_GENERATOR");
			exit(1);
		}
	}
	return fd;
}

int main(int argc, char **argv)
{
	size_t bytes = argc == 3 || argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	double best = 1e18, cost;
	char *buffer;
	int fd = -1, i;

	if (!bytes) {
		fputs("usage: readcost getrandom|DEVICE BYTES [GENERATOR]\n", stderr);
		return 1;
	}
	if (strcmp(argv[1], "getrandom"))
		fd = open_device(argv[1], argv[3]);
	buffer = malloc(bytes);
	if (!buffer)
		return 1;
	memset(buffer, 1, bytes);
	for (i = 0; i < ROUNDS; i++) {
		cost = one_round(fd, buffer, bytes);
		if (i && cost < best)
			best = cost;
	}
	printf("%.1f\n", best);
	free(buffer);
	return 0;
}
