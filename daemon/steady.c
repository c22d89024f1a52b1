// SPDX-License-Identifier: MIT
#include "steady.h"

#include <stdbool.h>
#include <sys/time.h>
#include <time.h>

#if QRNGD_H2O_RELEASE
/*
 * The release reckons all time-outs by gettimeofday(): when somebody sets the clock back
 * by an hour, nothing happens on a loop for an hour, and when it is set ahead, all
 * time-outs are over. So the library gets this function instead of the C library's. Only
 * the time of its Date headers, which it asks for at one place, is that of the day.
 */
static __thread const struct timeval *date;

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	bool steady = date && tv != date;
	struct timespec now;

	(void)tz;
	clock_gettime(steady ? CLOCK_MONOTONIC : CLOCK_REALTIME, &now);
	tv->tv_sec = now.tv_sec;
	tv->tv_usec = now.tv_nsec / 1000;
	return 0;
}

void qrngd_steady_clock(h2o_context_t *ctx)
{
	date = &ctx->_timestamp_cache.tv_at;
}
#else
void qrngd_steady_clock(h2o_context_t *ctx)
{
	(void)ctx;
}
#endif
