/* SPDX-License-Identifier: MIT */
/* A clock for the library that nobody sets. */
#ifndef QRNGD_STEADY_H
#define QRNGD_STEADY_H

#include "h2o_compat.h"

/**
 * qrngd_steady_clock() - let this thread's loop reckon time-outs by a steady clock
 * @ctx: the thread's; its Date headers still tell the time of day
 */
void qrngd_steady_clock(h2o_context_t *ctx);

#endif /* QRNGD_STEADY_H */
