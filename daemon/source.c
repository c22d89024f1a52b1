// SPDX-License-Identifier: MIT
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "host.h"
#include "log.h"

/*
 * Four bits a byte: low enough for a source nobody has told us anything about, and
 * a gathering is still worth sixteen times what a seed needs.
 */
#define QUALITY 512
#define NAP_MS	5

/* On any Linux. */
#define NULL_DEVICE    makedev(1, 3)
#define RANDOM_DEVICE  makedev(1, 8)
#define URANDOM_DEVICE makedev(1, 9)

/* Never a terminal of ours, and never a wait inside open() or read(). */
static int open_path(const char *path)
{
	return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

/*
 * A pipe without a writer polls as hung up all the time, and a driver without a poll
 * of its own as readable: hence the nap.
 */
static void wait_for_noise(int fd, uint64_t wait_ms)
{
	const struct timespec nap = { .tv_nsec = NAP_MS * 1000000L };
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	(void)poll(&poller, 1, (int)wait_ms);
	nanosleep(&nap, NULL);
}

static bool is_file(int fd)
{
	struct stat about;

	return fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

/* Return: NULL when @samples are full, otherwise the reason why not. */
static const char *read_samples(struct qrngd_source *source, uint8_t *samples, size_t len)
{
	uint64_t deadline = qrngd_now_ms() + QRNGD_GATHER_MAX_MS;
	uint64_t now;
	size_t got = 0;
	ssize_t part;

	while (got < len) {
		part = read(source->fd, samples + got, len - got);
		if (part > 0) {
			got += (size_t)part;
			continue;
		}
		if (part < 0 && errno != EAGAIN && errno != EINTR)
			return strerror(errno);
		/* What a file holds is used once: reading it again would be the same noise. */
		if (part == 0 && is_file(source->fd))
			return "the file has come to its end";
		now = qrngd_now_ms();
		if (now >= deadline) {
			source->reason = QRNG_REASON_SILENT;
			return "no noise came in time";
		}
		wait_for_noise(source->fd, deadline - now);
	}
	return NULL;
}

static const char *test_samples(struct qrngd_source *source, const uint8_t *samples)
{
	switch (qrng_health_feed(&source->health, samples, QRNG_STARTUP_SAMPLES)) {
	case QRNG_HEALTH_PASS:
		return NULL;
	case QRNG_HEALTH_INTERMITTENT:
		source->reason = QRNG_REASON_INTERMITTENT;
		break;
	case QRNG_HEALTH_PERMANENT:
		source->reason = QRNG_REASON_PERMANENT;
		break;
	}
	return "the noise failed the health tests";
}

static const char *gather(struct qrngd_source *source, uint8_t samples[QRNG_STARTUP_SAMPLES])
{
	const char *reason;

	if (source->fd < 0)
		source->fd = open_path(source->path);
	source->reason = QRNG_REASON_HARDWARE;
	if (source->fd < 0)
		return strerror(errno);
	/* Time has passed since the last gathering: these samples don't follow on it. */
	qrng_health_arm(&source->health, QRNG_STARTUP_SAMPLES);
	reason = read_samples(source, samples, QRNG_STARTUP_SAMPLES);
	if (!reason)
		reason = test_samples(source, samples);
	if (reason)
		qrng_wipe(samples, QRNG_STARTUP_SAMPLES);
	return reason;
}

/* Return: NULL, or what is needed instead of the open file @fd */
static const char *unfit(int fd)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return strerror(errno);
	if (S_ISDIR(about.st_mode) || S_ISBLK(about.st_mode))
		return "a character device, a pipe or a file is needed";
	if (S_ISCHR(about.st_mode) && about.st_rdev == NULL_DEVICE)
		return "something to read is needed, and there is never anything";
	return NULL;
}

/* Generators are fine to seed from, but what they give is not noise. */
static bool is_generator(int fd)
{
	struct stat about, drbg;

	if (fstat(fd, &about) != 0 || !S_ISCHR(about.st_mode))
		return false;
	if (about.st_rdev == RANDOM_DEVICE || about.st_rdev == URANDOM_DEVICE)
		return true;
	return stat("/dev/" QRNG_DRBG_DEVICE, &drbg) == 0 && drbg.st_rdev == about.st_rdev;
}

int qrngd_source_open(struct qrngd_source *source, const char *path)
{
	const char *reason;

	memset(source, 0, sizeof(*source));
	source->path = path;
	source->fd = open_path(path);
	if (source->fd < 0) {
		qrngd_log("source %s: %s", path, strerror(errno));
		return -1;
	}
	reason = unfit(source->fd);
	if (reason) {
		qrngd_log("source %s: %s", path, reason);
		qrngd_source_close(source);
		return -1;
	}
	/* Others may have a file's noise, too, and it would be used up before the next seed. */
	source->raw = !is_generator(source->fd) && !is_file(source->fd);
	qrng_health_init(&source->health, QUALITY);
	/* As if it had passed, so that a first failure is told. */
	source->healthy = true;
	return 0;
}

bool qrngd_source_same(const struct qrngd_source *a, const struct qrngd_source *b)
{
	struct stat one, two;

	if (fstat(a->fd, &one) != 0 || fstat(b->fd, &two) != 0)
		return false;
	if (S_ISCHR(one.st_mode) && S_ISCHR(two.st_mode))
		return one.st_rdev == two.st_rdev;
	return one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

bool qrngd_source_gather(struct qrngd_source *source, uint8_t samples[QRNG_STARTUP_SAMPLES])
{
	const char *reason = gather(source, samples);
	bool healthy = !reason;

	if (healthy != source->healthy)
		qrngd_log("source: %s: %s", source->path, healthy ? "healthy again" : reason);
	source->healthy = healthy;
	/* A device that was pulled out may be back under its path next time. */
	if (!healthy && !is_file(source->fd))
		qrngd_source_close(source);
	return healthy;
}

void qrngd_source_close(struct qrngd_source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}
