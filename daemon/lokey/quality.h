/* SPDX-License-Identifier: MIT */
/*
 * What the noise in the queues looks like: LoKey's three figures by LoKey's formulas, for
 * dashboards that know them, and beside them the tests of NIST SP 800-90B as they are
 * meant. Any thread may call anything.
 */
#ifndef QRNGD_QUALITY_H
#define QRNGD_QUALITY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "health.h"
#include "kmod/core/metrics.h"

/* How long LoKey's window may be, in bytes. */
#define QRNGD_APT_WINDOW_MIN 256
#define QRNGD_APT_WINDOW_MAX 2048

/**
 * struct qrngd_window - how often each value is among the last bytes
 * @size: bytes, as configured
 * @len: bytes there are so far
 * @at: the place of the next one
 * @counts: of each value
 * @bytes: a ring
 */
struct qrngd_window {
	unsigned int size;
	unsigned int len;
	unsigned int at;
	uint16_t counts[256];
	uint8_t bytes[QRNGD_APT_WINDOW_MAX];
};

/**
 * struct qrngd_quality - the figures
 * @lock: for all of it
 * @metrics: what the core counts
 * @window: of LoKey's adaptive proportion test
 * @limit: of it: floor(W / 2) + 3 sqrt(W / 4)
 * @biased: bytes that came more often in the window
 * @last: the last byte
 * @run: how many like it there were
 * @repetitions: runs that were too long
 * @repeated: the byte of the last of them
 * @health: the tests of SP 800-90B
 * @refused: bytes that they kept from the queues
 */
struct qrngd_quality {
	pthread_mutex_t lock;
	struct qrng_metrics metrics;
	struct qrngd_window window;
	double limit;
	uint64_t biased;
	uint8_t last;
	uint32_t run;
	uint64_t repetitions;
	uint8_t repeated;
	struct qrng_health health;
	uint64_t refused;
};

/**
 * struct qrngd_quality_figures - a look at them
 * @zeros: monobit: bits that are zero, since the start
 * @ones: bits that are one
 * @average: ones in all bits, 0.5 when there are none
 * @repetition_failures: runs of more than 35 equal bytes
 * @current_run: bytes like the last one, with it
 * @last_value: of the last such run, 0 when there was none: that of the last byte is
 *	nobody's business but of who gets it
 * @window_size: of LoKey's adaptive proportion test
 * @cutoff: floor(W / 2) + 3 sqrt(W / 4), rounded
 * @bias_count: bytes whose value makes up more of the window than that, not rounded
 * @samples: bytes in all
 * @recent: the same noise now: the last 3,584 to 4,095 bytes
 * @grade: of @recent's ones
 * @health: cut-offs and failures of SP 800-90B 4.4
 * @refused: bytes that its tests kept from the queues
 */
struct qrngd_quality_figures {
	uint64_t zeros;
	uint64_t ones;
	double average;
	uint64_t repetition_failures;
	uint32_t current_run;
	uint8_t last_value;
	unsigned int window_size;
	unsigned int cutoff;
	uint64_t bias_count;
	uint64_t samples;
	struct qrng_figures recent;
	enum qrng_grade grade;
	struct qrng_health health;
	uint64_t refused;
};

/* What the tests of SP 800-90B hold the noise to, in bits in 1024: 4 in a byte. */
#define QRNGD_QUALITY_CLAIM 512

/**
 * qrngd_quality_init() - begin to count
 * @quality: filled in
 * @window: of LoKey's test, from %QRNGD_APT_WINDOW_MIN to %QRNGD_APT_WINDOW_MAX
 */
void qrngd_quality_init(struct qrngd_quality *quality, unsigned int window);

/**
 * qrngd_quality_feed() - take note of noise, before anybody gets it
 * @quality: the figures
 * @noise: as the source gave it
 * @len: bytes
 *
 * The engine has tested it before, each source for itself; what fails here is a mixture
 * nobody should have.
 *
 * Return: whether it may be used.
 */
bool qrngd_quality_feed(struct qrngd_quality *quality, const uint8_t *noise, size_t len);

/** qrngd_quality_look() - fill in @figures */
void qrngd_quality_look(struct qrngd_quality *quality, struct qrngd_quality_figures *figures);

/** qrngd_quality_close() - forget */
void qrngd_quality_close(struct qrngd_quality *quality);

#endif /* QRNGD_QUALITY_H */
