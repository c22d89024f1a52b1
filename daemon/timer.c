// SPDX-License-Identifier: MIT
#include "timer.h"

#include <string.h>

#include "clock.h"

static void on_entry(qrngd_deferral *entry);

#if QRNGD_H2O_RELEASE
/*
 * In the release a timer hangs in a list of others with the same delay, and the loop
 * looks at every list in every round. So a wait of any length is made of a few lists'.
 */
static void link_entry(struct qrngd_timer *timer, uint64_t wait_ms)
{
	unsigned int list = 0;

	while (list + 1 < QRNGD_TIMER_LISTS && wait_ms >= QRNGD_TIMER_STEP) {
		wait_ms /= QRNGD_TIMER_STEP;
		list++;
	}
	h2o_timeout_link(timer->timers->loop, &timer->timers->lists[list], &timer->entry);
}

void qrngd_timers_init(struct qrngd_timers *timers, h2o_loop_t *loop)
{
	uint64_t delay_ms = 1;
	unsigned int i;

	timers->loop = loop;
	for (i = 0; i < QRNGD_TIMER_LISTS; i++, delay_ms *= QRNGD_TIMER_STEP)
		h2o_timeout_init(loop, &timers->lists[i], delay_ms);
}
#else
static void link_entry(struct qrngd_timer *timer, uint64_t wait_ms)
{
	h2o_timer_link(timer->timers->loop, wait_ms, &timer->entry);
}

void qrngd_timers_init(struct qrngd_timers *timers, h2o_loop_t *loop)
{
	timers->loop = loop;
}
#endif

void qrngd_timer_init(struct qrngd_timer *timer, struct qrngd_timers *timers,
		      void (*fire)(struct qrngd_timer *timer))
{
	memset(timer, 0, sizeof(*timer));
	timer->entry.cb = on_entry;
	timer->timers = timers;
	timer->fire = fire;
}

static void wait_on(struct qrngd_timer *timer)
{
	uint64_t now = qrngd_now_ms();

	timer->linked = true;
	link_entry(timer, timer->due_ms > now ? timer->due_ms - now : 0);
}

static void on_entry(qrngd_deferral *entry)
{
	struct qrngd_timer *timer = H2O_STRUCT_FROM_MEMBER(struct qrngd_timer, entry, entry);

	if (qrngd_now_ms() < timer->due_ms) {
		wait_on(timer);
		return;
	}
	timer->linked = false;
	timer->fire(timer);
}

void qrngd_timer_set(struct qrngd_timer *timer, uint64_t due_ms)
{
	timer->due_ms = due_ms;
	wait_on(timer);
}

void qrngd_timer_cancel(struct qrngd_timer *timer)
{
	if (timer->linked)
		qrngd_deferral_cancel(&timer->entry);
	timer->linked = false;
}
