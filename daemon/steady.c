// SPDX-License-Identifier: MIT
#include "steady.h"

#include <stdbool.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static void read_clock(clockid_t clock, struct timeval *tv)
{
	struct timespec now;

	clock_gettime(clock, &now);
	tv->tv_sec = now.tv_sec;
	tv->tv_usec = now.tv_nsec / 1000;
}

void qrngd_wall_time(struct timeval *tv)
{
	read_clock(CLOCK_REALTIME, tv);
}

/*
 * The library reckons all time-outs by gettimeofday(): when somebody sets the clock back by
 * an hour, nothing happens on a loop for an hour, and when it is set ahead, all time-outs
 * are over. So it gets a function of ours instead of the C library's.
 */
#if QRNGD_H2O_RELEASE
/* Only the time of its Date headers, which it asks for at one place, is that of the day. */
static __thread const struct timeval *date;

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	bool steady = date && tv != date;

	(void)tz;
	read_clock(steady ? CLOCK_MONOTONIC : CLOCK_REALTIME, tv);
	return 0;
}

void qrngd_steady_clock(h2o_context_t *ctx)
{
	date = &ctx->_timestamp_cache.tv_at;
}

void qrngd_stamp_time(struct timeval *tv)
{
	qrngd_wall_time(tv);
}

void qrngd_steady_date(h2o_req_t *req)
{
	(void)req;
}
#else
/* On threads with a loop, of which it has one clock for everything. */
static __thread bool steady;

/* What the last answer of this thread said. */
static __thread time_t date_s;
static __thread char date[H2O_TIMESTR_RFC1123_LEN + 1];

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	(void)tz;
	read_clock(steady ? CLOCK_MONOTONIC : CLOCK_REALTIME, tv);
	return 0;
}

void qrngd_steady_clock(h2o_context_t *ctx)
{
	(void)ctx;
	steady = true;
}

void qrngd_stamp_time(struct timeval *tv)
{
	read_clock(CLOCK_MONOTONIC, tv);
}

void qrngd_steady_date(h2o_req_t *req)
{
	struct timeval now;
	struct tm parts;
	char *copy;

	qrngd_wall_time(&now);
	if (now.tv_sec != date_s || !*date)
		h2o_time2str_rfc1123(date, gmtime_r(&now.tv_sec, &parts));
	date_s = now.tv_sec;
	copy = qrngd_pool_alloc(&req->pool, sizeof(date));
	memcpy(copy, date, sizeof(date));
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_DATE, NULL, copy,
		       H2O_TIMESTR_RFC1123_LEN);
}
#endif
