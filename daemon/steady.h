/* SPDX-License-Identifier: MIT */
/* A clock for the library that nobody sets. */
#ifndef QRNGD_STEADY_H
#define QRNGD_STEADY_H

#include "h2o_compat.h"

/**
 * qrngd_steady_clock() - let this thread's loop reckon time-outs by a steady clock
 * @ctx: the thread's; answers still tell the time of day
 */
void qrngd_steady_clock(h2o_context_t *ctx);

/** qrngd_wall_time() - the time of day, on threads with a steady clock, too */
void qrngd_wall_time(struct timeval *tv);

/** qrngd_stamp_time() - now, on the clock of the time stamps that the library gives requests */
void qrngd_stamp_time(struct timeval *tv);

/**
 * qrngd_steady_date() - say in an answer what time it is
 * @req: the request
 *
 * RFC 9110, 6.6.1. The release does so by itself, the master branch leaves it to handlers.
 */
void qrngd_steady_date(h2o_req_t *req);

#endif /* QRNGD_STEADY_H */
