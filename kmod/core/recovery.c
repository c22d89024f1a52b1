// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "recovery.h"

/* A glitch costs a quarter of a second, a dead source one attempt in a quarter of an hour. */
const struct qrng_recovery_rules qrng_recovery_rules = {
	.backoff_first = 250,
	.backoff_max = 8000,
	.failures_max = 5,
	.cooldown_first = 60000,
	.cooldown_max = 900000,
	.stable = 60000,
};

static const char *const state_names[QRNG_RECOVERY_STATES] = {
	[QRNG_RECOVERY_STARTUP] = "startup",
	[QRNG_RECOVERY_HEALTHY] = "healthy",
	[QRNG_RECOVERY_FAILED] = "failed",
	[QRNG_RECOVERY_RECOVERING] = "recovering",
	[QRNG_RECOVERY_GONE] = "gone",
	[QRNG_RECOVERY_VALIDATING] = "validating",
	[QRNG_RECOVERY_OPEN] = "open",
	[QRNG_RECOVERY_HALF_OPEN] = "half-open",
	[QRNG_RECOVERY_DISABLED] = "disabled",
};

static const char *const event_names[QRNG_RECOVERY_EVENTS] = {
	[QRNG_RECOVERY_STARTED] = "started",
	[QRNG_RECOVERY_PASSED] = "passed",
	[QRNG_RECOVERY_INTERMITTENT] = "intermittent",
	[QRNG_RECOVERY_PERMANENT] = "permanent",
	[QRNG_RECOVERY_ERROR] = "error",
	[QRNG_RECOVERY_TIMER] = "timer",
	[QRNG_RECOVERY_REMOVED] = "removed",
	[QRNG_RECOVERY_RESTART] = "restart",
	[QRNG_RECOVERY_RETEST] = "retest",
	[QRNG_RECOVERY_DISABLE] = "disable",
	[QRNG_RECOVERY_ENABLE] = "enable",
};

#define GO(state)	{ QRNG_RECOVERY_##state, false }
#define FAIL(state)	{ QRNG_RECOVERY_##state, true }

/*
 * In the order of the events. An event that means nothing in a state leaves it as it is.
 * docs/recovery.md shows this table; a test compares the two.
 */
static const struct qrng_recovery_edge edges[QRNG_RECOVERY_STATES][QRNG_RECOVERY_EVENTS] = {
	[QRNG_RECOVERY_STARTUP] = {
		GO(STARTUP), GO(HEALTHY), FAIL(FAILED), FAIL(FAILED), FAIL(FAILED),
		GO(STARTUP), GO(GONE), GO(STARTUP), GO(STARTUP), GO(DISABLED), GO(STARTUP),
	},
	[QRNG_RECOVERY_HEALTHY] = {
		GO(HEALTHY), GO(HEALTHY), FAIL(VALIDATING), FAIL(FAILED), FAIL(FAILED),
		GO(HEALTHY), GO(GONE), GO(STARTUP), GO(VALIDATING), GO(DISABLED), GO(HEALTHY),
	},
	[QRNG_RECOVERY_FAILED] = {
		GO(FAILED), GO(FAILED), GO(FAILED), GO(FAILED), GO(FAILED),
		GO(RECOVERING), GO(GONE), GO(STARTUP), GO(FAILED), GO(DISABLED), GO(FAILED),
	},
	[QRNG_RECOVERY_RECOVERING] = {
		GO(VALIDATING), GO(RECOVERING), FAIL(FAILED), FAIL(FAILED), FAIL(FAILED),
		GO(RECOVERING), GO(GONE), GO(STARTUP), GO(RECOVERING), GO(DISABLED), GO(RECOVERING),
	},
	[QRNG_RECOVERY_GONE] = {
		GO(GONE), GO(GONE), GO(GONE), GO(GONE), GO(GONE),
		GO(GONE), GO(GONE), GO(GONE), GO(GONE), GO(GONE), GO(GONE),
	},
	[QRNG_RECOVERY_VALIDATING] = {
		GO(VALIDATING), GO(HEALTHY), FAIL(FAILED), FAIL(FAILED), FAIL(FAILED),
		GO(VALIDATING), GO(GONE), GO(STARTUP), GO(VALIDATING), GO(DISABLED), GO(VALIDATING),
	},
	[QRNG_RECOVERY_OPEN] = {
		GO(OPEN), GO(OPEN), GO(OPEN), GO(OPEN), GO(OPEN),
		GO(HALF_OPEN), GO(GONE), GO(STARTUP), GO(OPEN), GO(DISABLED), GO(OPEN),
	},
	[QRNG_RECOVERY_HALF_OPEN] = {
		GO(HALF_OPEN), GO(HEALTHY), FAIL(OPEN), FAIL(OPEN), FAIL(OPEN),
		GO(HALF_OPEN), GO(GONE), GO(STARTUP), GO(HALF_OPEN), GO(DISABLED), GO(HALF_OPEN),
	},
	[QRNG_RECOVERY_DISABLED] = {
		GO(DISABLED), GO(DISABLED), GO(DISABLED), GO(DISABLED), GO(DISABLED),
		GO(DISABLED), GO(GONE), GO(DISABLED), GO(DISABLED), GO(DISABLED), GO(STARTUP),
	},
};

/* @first, doubled @times times, but no more than @max. */
static u32 doubled(u32 first, u32 times, u32 max)
{
	u64 wait = first;

	while (times-- && wait < max)
		wait *= 2;
	return wait < max ? wait : max;
}

/* Return: where the edge leads now that it is known how many failures there are. */
static enum qrng_recovery_state count_failure(struct qrng_recovery *recovery,
					      const struct qrng_recovery_rules *rules,
					      enum qrng_recovery_state to, u64 now_ms)
{
	if (recovery->state == QRNG_RECOVERY_HEALTHY &&
	    now_ms - recovery->since_ms >= rules->stable) {
		recovery->failures = 0;
		recovery->opened = 0;
	}
	if (recovery->failures < rules->failures_max)
		recovery->failures++;
	return recovery->failures < rules->failures_max ? to : QRNG_RECOVERY_OPEN;
}

static void enter(struct qrng_recovery *recovery, const struct qrng_recovery_rules *rules,
		  enum qrng_recovery_state state, u64 now_ms)
{
	recovery->state = state;
	recovery->since_ms = now_ms;
	/* Somebody wants it to start without a past. */
	if (state == QRNG_RECOVERY_STARTUP) {
		recovery->failures = 0;
		recovery->opened = 0;
	}
	if (state == QRNG_RECOVERY_FAILED)
		recovery->due_ms = now_ms + doubled(rules->backoff_first, recovery->failures - 1,
						    rules->backoff_max);
	if (state == QRNG_RECOVERY_OPEN)
		recovery->due_ms = now_ms + doubled(rules->cooldown_first, recovery->opened++,
						    rules->cooldown_max);
}

/**
 * qrng_recovery_step() - something happened
 * @recovery: the source's place
 * @rules: thresholds
 * @event: what happened
 * @now_ms: when, on a clock that never goes back
 *
 * Return: true when the state is another one now.
 */
bool qrng_recovery_step(struct qrng_recovery *recovery, const struct qrng_recovery_rules *rules,
			enum qrng_recovery_event event, u64 now_ms)
{
	const struct qrng_recovery_edge *edge = qrng_recovery_edge(recovery->state, event);
	enum qrng_recovery_state to = edge->to;

	if (event == QRNG_RECOVERY_TIMER && qrng_recovery_waits(recovery->state) &&
	    now_ms < recovery->due_ms)
		return false;
	if (edge->counts)
		to = count_failure(recovery, rules, to, now_ms);
	if (to == recovery->state)
		return false;
	enter(recovery, rules, to, now_ms);
	return true;
}

/**
 * qrng_recovery_edge() - look into the table
 * @state: a state
 * @event: an event
 *
 * Return: the cell for them.
 */
const struct qrng_recovery_edge *qrng_recovery_edge(enum qrng_recovery_state state,
						    enum qrng_recovery_event event)
{
	return &edges[state][event];
}

/** qrng_recovery_state_name() - the state as users see it */
const char *qrng_recovery_state_name(enum qrng_recovery_state state)
{
	return state_names[state];
}

/** qrng_recovery_event_name() - the event as the documentation calls it */
const char *qrng_recovery_event_name(enum qrng_recovery_event event)
{
	return event_names[event];
}
