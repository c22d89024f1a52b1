/* SPDX-License-Identifier: MIT */
/*
 * One noise source of the embedded engine: a path that noise is read from and
 * tested before a byte of it is used.
 */
#ifndef QRNGD_SOURCE_H
#define QRNGD_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "health.h"
#include "qrng.h"

/* A gathering waits no longer for a source that has nothing to say. */
#define QRNGD_GATHER_MAX_MS 10000

/**
 * struct qrngd_source - one source; one thread uses it at a time
 * @path: as the operator named it
 * @fd: -1 while it can't be opened
 * @raw: what it gives is noise, as far as anybody can see, and not a generator's output
 * @healthy: the last gathering passed the tests
 * @reason: why the last one that failed did
 * @health: the tests
 */
struct qrngd_source {
	const char *path;
	int fd;
	bool raw;
	bool healthy;
	enum qrng_source_reason reason;
	struct qrng_health health;
};

/**
 * qrngd_source_open() - open a source for the first time
 * @source: the source
 * @path: what the operator named; kept
 *
 * Return: 0, or -1 after a line has said what is wrong with the path.
 */
int qrngd_source_open(struct qrngd_source *source, const char *path);

/**
 * qrngd_source_same() - do two sources read the same thing?
 * @a: a source just opened
 * @b: another
 */
bool qrngd_source_same(const struct qrngd_source *a, const struct qrngd_source *b);

/**
 * qrngd_source_gather() - read noise and test it
 * @source: the source; opened again if it was lost
 * @samples: the noise; nothing when it did not pass
 *
 * As many samples as a start-up test needs, so that every gathering is one.
 * Waits for a slow source, but no longer than QRNGD_GATHER_MAX_MS, unless a driver
 * hangs in read(). The first failure after
 * a success is logged with its reason, and so is the first success after a failure.
 *
 * Return: whether they passed.
 */
bool qrngd_source_gather(struct qrngd_source *source, uint8_t samples[QRNG_STARTUP_SAMPLES]);

/**
 * qrngd_source_close() - close the source
 * @source: the source
 */
void qrngd_source_close(struct qrngd_source *source);

#endif /* QRNGD_SOURCE_H */
