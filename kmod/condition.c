// SPDX-License-Identifier: GPL-2.0-only
/*
 * The condition a source is in: the recovery state machine decides, and here everybody
 * learns of it. All of it runs in the source's thread, or once that has ended.
 */
#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>

#include "condition.h"
#include "event.h"
#include "noise.h"
#include "policy.h"

static_assert((int)QRNG_SOURCE_GONE == (int)QRNG_RECOVERY_GONE);
static_assert((int)QRNG_SOURCE_HALF_OPEN == (int)QRNG_RECOVERY_HALF_OPEN);
static_assert((int)QRNG_SOURCE_DISABLED == (int)QRNG_RECOVERY_DISABLED);
static_assert(QRNG_ALPHA_MIN == QRNG_HEALTH_ALPHA_MIN && QRNG_ALPHA_MAX == QRNG_HEALTH_ALPHA_MAX);

static u64 now_ms(void)
{
	return ktime_to_ms(ktime_get_boottime());
}

/**
 * qrng_condition_init() - a new source is about to start
 * @source: zeroed but for what its driver sets
 */
void qrng_condition_init(struct qrng_source *source)
{
	spin_lock_init(&source->lock);
	source->recovery.since_ms = now_ms();
	qrng_health_init(&source->health, source->quality);
}

/**
 * qrng_condition_listen() - from now on, silence counts
 * @source: the source
 */
void qrng_condition_listen(struct qrng_source *source)
{
	source->looked = jiffies;
	source->silence = 0;
}

/**
 * qrng_condition_arm() - begin a start-up test
 * @source: the source
 *
 * SP 800-90B 4.3 asks for 1024 samples at least; a full burst is as easily read.
 */
void qrng_condition_arm(struct qrng_source *source)
{
	qrng_health_arm(&source->health, sizeof(source->burst));
	qrng_condition_listen(source);
}

/* Each test on demand comes to one end, whatever happens to the source meanwhile. */
static void conclude_test(struct qrng_source *source, bool passed)
{
	if (!source->testing)
		return;
	source->testing = false;
	source->stats.tests++;
	source->stats.test_failures += !passed;
	qrng_event_source(source, passed ? QRNG_EVENT_TEST_PASSED : QRNG_EVENT_TEST_FAILED, 0);
}

static bool is_failure(enum qrng_source_reason reason)
{
	return reason >= QRNG_REASON_INTERMITTENT && reason <= QRNG_REASON_SILENT;
}

static void left_healthy(struct qrng_source *source)
{
	/* What was read before the trouble came from the same source. */
	qrng_reserve_drop(&source->reserve);
	if (is_failure(source->reason))
		dev_warn_ratelimited(&source->dev, "no longer healthy (%d)\n", source->error);
}

static void entered(struct qrng_source *source, enum qrng_recovery_state state)
{
	switch (state) {
	case QRNG_RECOVERY_HEALTHY:
		source->stats.startup_passes++;
		dev_info_ratelimited(&source->dev, "start-up test passed\n");
		break;
	case QRNG_RECOVERY_VALIDATING:
		qrng_condition_arm(source);
		break;
	case QRNG_RECOVERY_STARTUP:
		conclude_test(source, false);
		fallthrough;
	case QRNG_RECOVERY_HALF_OPEN:
		source->started = false;
		break;
	case QRNG_RECOVERY_OPEN:
		dev_err_ratelimited(&source->dev, "failed again and again (%d), resting\n",
				    source->error);
		break;
	case QRNG_RECOVERY_GONE:
		source->modules.working = 0;
		conclude_test(source, false);
		break;
	case QRNG_RECOVERY_DISABLED:
		source->ops->stop(source);
		source->modules.working = 0;
		conclude_test(source, false);
		break;
	default:
		break;
	}
}

static void step(struct qrng_source *source, enum qrng_recovery_event event,
		 enum qrng_source_reason reason)
{
	enum qrng_recovery_state was = source->recovery.state;
	bool moved;

	spin_lock(&source->lock);
	moved = qrng_recovery_step(&source->recovery, &qrng_recovery_rules, event, now_ms());
	if (moved) {
		WRITE_ONCE(source->reason, reason);
		/* Waiters look at the state: it is there before whatever may wait for them. */
		WRITE_ONCE(source->state, (enum qrng_source_state)source->recovery.state);
	}
	spin_unlock(&source->lock);
	if (!moved)
		return;
	if (was == QRNG_RECOVERY_HEALTHY)
		left_healthy(source);
	entered(source, source->recovery.state);
	qrng_noise_announce(source);
	qrng_event_source(source, QRNG_EVENT_SOURCE_STATE, 0);
	qrng_drbg_sources_changed();
}

/**
 * qrng_condition_started() - the hardware was reset and runs; its noise is to be tested
 * @source: the source
 */
void qrng_condition_started(struct qrng_source *source)
{
	source->stats.starts++;
	source->started = true;
	qrng_condition_arm(source);
	step(source, QRNG_RECOVERY_STARTED, source->reason);
}

/**
 * qrng_condition_passed() - a start-up test has passed
 * @source: the source
 */
void qrng_condition_passed(struct qrng_source *source)
{
	step(source, QRNG_RECOVERY_PASSED, QRNG_REASON_NONE);
	conclude_test(source, true);
}

/**
 * qrng_condition_waited() - time went by in a state that waits
 * @source: the source
 */
void qrng_condition_waited(struct qrng_source *source)
{
	step(source, QRNG_RECOVERY_TIMER, source->reason);
}

/**
 * qrng_condition_failed() - a step has failed
 * @source: the source
 * @error: what a driver returns, or %QRNG_ERR_INTERMITTENT or %QRNG_ERR_PERMANENT,
 *	negative
 */
void qrng_condition_failed(struct qrng_source *source, int error)
{
	WRITE_ONCE(source->error, error);
	switch (error) {
	case -ENODEV:
		dev_warn(&source->dev, "the hardware is gone\n");
		step(source, QRNG_RECOVERY_REMOVED, QRNG_REASON_REMOVED);
		break;
	case -QRNG_ERR_INTERMITTENT:
		source->stats.intermittent++;
		qrng_event_source(source, QRNG_EVENT_HEALTH_INTERMITTENT, 0);
		step(source, QRNG_RECOVERY_INTERMITTENT, QRNG_REASON_INTERMITTENT);
		break;
	case -QRNG_ERR_PERMANENT:
		source->stats.permanent++;
		qrng_event_source(source, QRNG_EVENT_HEALTH_PERMANENT, 0);
		step(source, QRNG_RECOVERY_PERMANENT, QRNG_REASON_PERMANENT);
		break;
	case -ETIMEDOUT:
		step(source, QRNG_RECOVERY_ERROR, QRNG_REASON_SILENT);
		break;
	default:
		step(source, QRNG_RECOVERY_ERROR, QRNG_REASON_HARDWARE);
	}
	conclude_test(source, false);
}

/**
 * qrng_condition_restart() - start without a past: reset, start, start-up test
 * @source: the source; one that is disabled or gone stays so
 * @reason: who wants it
 */
void qrng_condition_restart(struct qrng_source *source, enum qrng_source_reason reason)
{
	source->started = false;
	step(source, QRNG_RECOVERY_RESTART, reason);
}

/**
 * qrng_condition_retest() - the start-up test has to be passed again
 * @source: the source
 *
 * When this returns nobody uses noise that was tested before.
 */
void qrng_condition_retest(struct qrng_source *source)
{
	step(source, QRNG_RECOVERY_RETEST, QRNG_REASON_OPERATOR);
}

/**
 * qrng_condition_enable() - switch it on or off
 * @source: the source
 * @enabled: on? That is a start without a past
 */
void qrng_condition_enable(struct qrng_source *source, bool enabled)
{
	step(source, enabled ? QRNG_RECOVERY_ENABLE : QRNG_RECOVERY_DISABLE, QRNG_REASON_OPERATOR);
}

/**
 * qrng_condition_ended() - the thread has ended, and the source with it
 * @source: the source
 *
 * Every waiter is woken: they see %QRNG_SOURCE_GONE and leave.
 */
void qrng_condition_ended(struct qrng_source *source)
{
	step(source, QRNG_RECOVERY_REMOVED, QRNG_REASON_REMOVED);
}

/**
 * qrng_condition_modules_failed() - parts of the hardware were switched off
 * @source: the source; it goes on with the others
 * @modules: which, a mask
 */
void qrng_condition_modules_failed(struct qrng_source *source, u32 modules)
{
	source->stats.module_failures += hweight32(modules);
	dev_warn_ratelimited(&source->dev, "switched off failed modules, mask %#x\n", modules);
	qrng_event_source(source, QRNG_EVENT_MODULE_FAILED, modules);
}
