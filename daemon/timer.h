/* SPDX-License-Identifier: MIT */
/* Something that is to happen on this thread in a while. */
#ifndef QRNGD_TIMER_H
#define QRNGD_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "h2o_compat.h"

struct qrngd_timer;

/* One list for each of 1, 16 and 256 ms, see timer.c. */
#define QRNGD_TIMER_LISTS 3
#define QRNGD_TIMER_STEP  16

/**
 * struct qrngd_timers - one thread's
 * @loop: the thread's loop
 * @lists: the release of the library knows lists of one delay each; its master none
 */
struct qrngd_timers {
	h2o_loop_t *loop;
#if QRNGD_H2O_RELEASE
	h2o_timeout_t lists[QRNGD_TIMER_LISTS];
#endif
};

/**
 * struct qrngd_timer - one thing to happen
 * @entry: the library's part
 * @timers: the thread's
 * @due_ms: when, on the clock of qrngd_now_ms()
 * @linked: it will
 * @fire: what; the timer may be set again or freed there
 */
struct qrngd_timer {
	qrngd_deferral entry;
	struct qrngd_timers *timers;
	uint64_t due_ms;
	bool linked;
	void (*fire)(struct qrngd_timer *timer);
};

/** qrngd_timers_init() - get ready on this thread */
void qrngd_timers_init(struct qrngd_timers *timers, h2o_loop_t *loop);

/**
 * qrngd_timer_init() - make a timer that is not set
 * @timer: the timer
 * @timers: the thread's
 * @fire: see struct qrngd_timer
 */
void qrngd_timer_init(struct qrngd_timer *timer, struct qrngd_timers *timers,
		      void (*fire)(struct qrngd_timer *timer));

/**
 * qrngd_timer_set() - let it happen
 * @timer: not set
 * @due_ms: when, on the clock of qrngd_now_ms(); at once if that is past, but never
 *	before the caller has returned
 */
void qrngd_timer_set(struct qrngd_timer *timer, uint64_t due_ms);

/** qrngd_timer_cancel() - let it not happen; fine when it is not set */
void qrngd_timer_cancel(struct qrngd_timer *timer);

#endif /* QRNGD_TIMER_H */
