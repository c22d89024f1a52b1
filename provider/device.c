// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "qrng.h"

#define TIMEOUT_MAX 3600 /* seconds */

/**
 * device_init() - a device that is not open
 * @device: filled in
 * @path: what to open, should begin with /
 * @timeout: how long to wait for bytes, should be seconds
 * @complaint: who is told of errors
 *
 * The strings stay where they are.
 */
void device_init(struct device *device, const char *path, const char *timeout,
		 const struct complaint *complaint)
{
	*device = (struct device){ .path = path,
				   .timeout = timeout,
				   .complaint = complaint,
				   .fd = -1 };
}

/*
 * A program that becomes a daemon closes all files there are, and the number may then be that
 * of another: a socket, a file of secrets. Nothing is read from that, and it is not closed.
 */
static bool is_ours(const struct device *device)
{
	struct stat about;

	return device->fd >= 0 && !fstat(device->fd, &about) && about.st_dev == device->dev &&
	       about.st_ino == device->ino && about.st_rdev == device->rdev;
}

static bool take_settings(struct device *device)
{
	char *end = NULL;
	long seconds = strtol(device->timeout, &end, 10);

	if (device->path[0] != '/') {
		complain(device->complaint, REASON_SETTING,
			 "device = %s, should be a path that begins with /", device->path);
		return false;
	}
	if (device->timeout[0] < '0' || device->timeout[0] > '9' || *end || seconds > TIMEOUT_MAX) {
		complain(device->complaint, REASON_SETTING,
			 "timeout = %s, should be seconds, 0 to %d", device->timeout, TIMEOUT_MAX);
		return false;
	}
	device->patience_ms = (int)seconds * 1000;
	return true;
}

/* Each open of an ordinary file would give the same bytes again. */
static bool accept_file(struct device *device, int fd)
{
	struct stat about;

	if (fstat(fd, &about)) {
		complain(device->complaint, REASON_OPEN, "%s: %s", device->path, strerror(errno));
		return false;
	}
	if (!S_ISCHR(about.st_mode) && !S_ISFIFO(about.st_mode)) {
		complain(device->complaint, REASON_NO_DEVICE,
			 "%s is neither a character device nor a FIFO", device->path);
		return false;
	}
	device->fd = fd;
	device->dev = about.st_dev;
	device->ino = about.st_ino;
	device->rdev = about.st_rdev;
	return true;
}

/**
 * device_open() - see to it that the device is open
 * @device: open or not; opened again if somebody else has closed it
 *
 * Return: false when it can not be opened, or a setting is not allowed, which is in the error
 * queue then.
 */
bool device_open(struct device *device)
{
	int fd;

	if (is_ours(device))
		return true;
	device->fd = -1;
	if (!take_settings(device))
		return false;
	/* Waiting is done by poll(), which has a limit. */
	fd = open(device->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		complain(device->complaint, REASON_OPEN, "%s: %s", device->path, strerror(errno));
		return false;
	}
	if (accept_file(device, fd))
		return true;
	close(fd);
	return false;
}

/** device_close() - close it, if it is open */
void device_close(struct device *device)
{
	if (is_ours(device))
		close(device->fd);
	device->fd = -1;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Waits for bytes, or for an error to be read. Return: false when it is too late. */
static bool wait_until(const struct device *device, int64_t deadline)
{
	struct pollfd wanted = { .fd = device->fd, .events = POLLIN };
	int64_t left = deadline - now_ms();

	if (left > 0) {
		poll(&wanted, 1, (int)left);
		return true;
	}
	complain(device->complaint, REASON_TIMEOUT, "%s gave nothing for %d s", device->path,
		 device->patience_ms / 1000);
	return false;
}

/*
 * Return: bytes read, at least one; 0 when that failed for good; -1 when it is worth to try
 * again.
 */
static ssize_t read_some(const struct device *device, unsigned char *out, size_t len,
			 int64_t deadline)
{
	ssize_t got = read(device->fd, out, len);

	if (got > 0)
		return got;
	if (!got)
		complain(device->complaint, REASON_ENDED, "%s ended", device->path);
	else if (errno == EINTR || (errno == EAGAIN && wait_until(device, deadline)))
		return -1;
	else if (errno != EAGAIN)
		complain(device->complaint, REASON_READ, "%s: %s", device->path, strerror(errno));
	return 0;
}

/**
 * device_read() - get bytes
 * @device: opened, if it is not
 * @out: where they go
 * @len: how many, all of them or none
 *
 * Return: false when they do not come, which is in the error queue then; @out is wiped.
 */
bool device_read(struct device *device, unsigned char *out, size_t len)
{
	size_t done = 0;
	int64_t deadline;
	ssize_t got;

	if (!device_open(device))
		return false;
	deadline = now_ms() + device->patience_ms;
	while (done < len) {
		got = read_some(device, out + done, len - done, deadline);
		if (!got) {
			explicit_bzero(out, done);
			return false;
		}
		if (got > 0)
			done += (size_t)got;
	}
	return true;
}

/**
 * device_reseed() - have a new seed mixed into our generator, now
 * @device: opened, if it is not
 *
 * Return: false when that can not be, which is in the error queue then.
 */
bool device_reseed(struct device *device)
{
	int64_t deadline;

	if (!device_open(device))
		return false;
	deadline = now_ms() + device->patience_ms;
	while (ioctl(device->fd, QRNG_IOC_RESEED)) {
		if (errno == EINTR || (errno == EAGAIN && wait_until(device, deadline)))
			continue;
		if (errno != EAGAIN)
			complain(device->complaint, REASON_RESEED, "%s: %s", device->path,
				 strerror(errno));
		return false;
	}
	return true;
}

/**
 * device_generation() - which seed the kernel's generators work from
 * @device: open or not
 * @generation: set; moves with each reseed, resume and copy of the machine
 *
 * Return: false when nobody knows.
 */
bool device_generation(const struct device *device, unsigned int *generation)
{
	struct qrng_file_info info;

	if (!is_ours(device) || ioctl(device->fd, QRNG_IOC_INFO, &info))
		return false;
	*generation = (unsigned int)info.current_generation;
	return true;
}
