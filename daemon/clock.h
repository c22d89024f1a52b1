/* SPDX-License-Identifier: MIT */
#ifndef QRNGD_CLOCK_H
#define QRNGD_CLOCK_H

#include <stdint.h>
#include <time.h>

/** qrngd_now_ns() - nanoseconds on the clock of qrngd_now_ms() */
static inline uint64_t qrngd_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/**
 * qrngd_now_ms() - milliseconds on a clock that nobody sets
 *
 * It runs on while the machine is suspended, so that what was too old before a
 * suspend is still too old after it.
 */
static inline uint64_t qrngd_now_ms(void)
{
	return qrngd_now_ns() / 1000000;
}

#endif /* QRNGD_CLOCK_H */
