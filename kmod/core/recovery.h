/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What becomes of a source when something happens to it: a state machine that knows no
 * hardware and no clock. Its owner reports events with their time, and does what the
 * state it finds itself in asks for.
 */
#ifndef _QRNG_CORE_RECOVERY_H
#define _QRNG_CORE_RECOVERY_H

#include "types.h"

/** enum qrng_recovery_state - in the order of the user interface's source states */
enum qrng_recovery_state {
	QRNG_RECOVERY_STARTUP,		/* start the hardware, run the first start-up test */
	QRNG_RECOVERY_HEALTHY,		/* the only state in which noise may be used */
	QRNG_RECOVERY_FAILED,		/* wait: the back-off runs */
	QRNG_RECOVERY_RECOVERING,	/* reset the hardware and start it */
	QRNG_RECOVERY_GONE,		/* nothing, for ever */
	QRNG_RECOVERY_VALIDATING,	/* run the start-up test again */
	QRNG_RECOVERY_OPEN,		/* wait: too many failures, the cool-down runs */
	QRNG_RECOVERY_HALF_OPEN,	/* one attempt: reset, start, start-up test */
	QRNG_RECOVERY_DISABLED,		/* nothing, until enabled */
	QRNG_RECOVERY_STATES,
};

/** enum qrng_recovery_event - what an owner can report */
enum qrng_recovery_event {
	QRNG_RECOVERY_STARTED,		/* the hardware was reset and runs */
	QRNG_RECOVERY_PASSED,		/* the start-up test has passed */
	QRNG_RECOVERY_INTERMITTENT,	/* a health test failed, intermittent level */
	QRNG_RECOVERY_PERMANENT,	/* a health test failed, permanent level */
	QRNG_RECOVERY_ERROR,		/* the hardware failed, or fell silent */
	QRNG_RECOVERY_TIMER,		/* time went by */
	QRNG_RECOVERY_REMOVED,		/* the hardware was pulled out */
	QRNG_RECOVERY_RESTART,		/* told to start anew, or the machine slept */
	QRNG_RECOVERY_RETEST,		/* the claim that is tested is another one now */
	QRNG_RECOVERY_DISABLE,		/* told to rest */
	QRNG_RECOVERY_ENABLE,		/* told to end that rest */
	QRNG_RECOVERY_EVENTS,
};

/**
 * struct qrng_recovery_rules - thresholds, in milliseconds unless said otherwise
 * @backoff_first: the wait after a first failure; it doubles with each further one
 * @backoff_max: where that ends
 * @failures_max: failures in a row (a count) that open the circuit
 * @cooldown_first: the wait with the circuit open; it doubles each time
 * @cooldown_max: where that ends
 * @stable: health for this long ends a row of failures
 */
struct qrng_recovery_rules {
	u32 backoff_first;
	u32 backoff_max;
	u32 failures_max;
	u32 cooldown_first;
	u32 cooldown_max;
	u32 stable;
};

extern const struct qrng_recovery_rules qrng_recovery_rules;

/**
 * struct qrng_recovery - where a source stands; zeroed, it is about to start
 * @state: what it is
 * @failures: in a row
 * @opened: how often the circuit was opened in this row
 * @since_ms: when @state was entered
 * @due_ms: when the wait ends, in a state that waits
 */
struct qrng_recovery {
	enum qrng_recovery_state state;
	u32 failures;
	u32 opened;
	u64 since_ms;
	u64 due_ms;
};

/**
 * struct qrng_recovery_edge - one cell of the table
 * @to: the next state
 * @counts: it is a failure; where that makes too many, the circuit opens instead
 */
struct qrng_recovery_edge {
	u8 to;
	bool counts;
};

bool qrng_recovery_step(struct qrng_recovery *recovery, const struct qrng_recovery_rules *rules,
			enum qrng_recovery_event event, u64 now_ms);
const struct qrng_recovery_edge *qrng_recovery_edge(enum qrng_recovery_state state,
						    enum qrng_recovery_event event);
const char *qrng_recovery_state_name(enum qrng_recovery_state state);
const char *qrng_recovery_event_name(enum qrng_recovery_event event);

/** qrng_recovery_waits() - does nothing but time lead out of this state? */
static inline bool qrng_recovery_waits(enum qrng_recovery_state state)
{
	return state == QRNG_RECOVERY_FAILED || state == QRNG_RECOVERY_OPEN;
}

#endif /* _QRNG_CORE_RECOVERY_H */
