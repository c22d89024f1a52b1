// SPDX-License-Identifier: MIT
/*
 * Preloaded into qrngd by tests: what no test can make a real system do at will.
 * Each fault is on while there is a file of that name in the folder FAULT_DIR.
 *
 *   hang    read() from /dev/urandom does not come back
 *   later   the clock shows ten minutes more for each byte of the file
 *   ahead   the time of day is set ahead by a day, the clock is not
 *   back    and back by an hour
 *   stuck   read() from a client does not come back to the one thread that calls it first
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define LATER_S 600

/* Return: how often it was switched on, which is how many bytes are in its file. */
static long fault(const char *name)
{
	struct stat about;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("FAULT_DIR"), name);
	return stat(path, &about) == 0 ? (long)about.st_size : 0;
}

static bool is_urandom(int fd)
{
	char descriptor[64], opened[64] = "";

	snprintf(descriptor, sizeof(descriptor), "/proc/self/fd/%d", fd);
	return readlink(descriptor, opened, sizeof(opened) - 1) > 0 &&
	       strcmp(opened, "/dev/urandom") == 0;
}

static void hang(int fd)
{
	while (fault("hang") && is_urandom(fd))
		usleep(10000);
}

static bool is_client(int fd)
{
	socklen_t len = sizeof(int);
	int domain;

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 && domain == AF_INET;
}

static void stick(int fd)
{
	static atomic_flag stuck = ATOMIC_FLAG_INIT;

	if (!fault("stuck") || !is_client(fd) || atomic_flag_test_and_set(&stuck))
		return;
	while (fault("stuck"))
		usleep(10000);
	atomic_flag_clear(&stuck);
}

ssize_t read(int fd, void *buf, size_t nbytes)
{
	ssize_t (*real)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");

	hang(fd);
	stick(fd);
	return real(fd, buf, nbytes);
}

/* What read() is called when the compiler knows the size of the buffer. */
ssize_t __read_chk(int fd, void *data, size_t len, size_t size);
ssize_t __read_chk(int fd, void *data, size_t len, size_t size)
{
	(void)size;
	return read(fd, data, len);
}

static time_t day_off(void)
{
	if (fault("ahead"))
		return 86400;
	return fault("back") ? -3600 : 0;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	int (*real)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
	int err = real(tv, tz);

	tv->tv_sec += day_off();
	return err;
}

int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
	int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
	int err = real(clock_id, tp);

	if (clock_id == CLOCK_BOOTTIME)
		tp->tv_sec += fault("later") * LATER_S;
	if (clock_id == CLOCK_REALTIME)
		tp->tv_sec += day_off();
	return err;
}
