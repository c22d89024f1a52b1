// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread of a source: reads the hardware, tests the noise, fills the reserve, and
 * does what the recovery state machine asks for.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "condition.h"
#include "hwrng.h"
#include "noise.h"
#include "policy.h"
#include "reader.h"
#include "source.h"

/* While idle: how often to see whether the hardware is there and in order. */
#define CHECK_INTERVAL		(HZ / 4)

/* While idle: how often to put a fresh burst through the tests. */
#define SURVEY_INTERVAL		(10 * HZ)
#define SURVEY_BYTES		1024

/*
 * No noise for this long, though it was wanted and looked for, is a failure. Looked
 * for: a thread that did not run meanwhile has learnt nothing about the card, so a gap
 * between two looks counts for no more than that.
 */
#define SILENCE_LIMIT		HZ
#define SILENCE_GAP		(HZ / 50)

/** enum rest - what the thread does between two steps */
enum rest {
	REST_NONE,	/* noise came: there may be more */
	REST_POLL,	/* noise is due in a moment */
	REST_IDLE,	/* until noise is wanted, or the next check is due */
};

static int source_verdict(struct qrng_source *source, const u8 *noise, size_t len)
{
	enum qrng_health_verdict verdict = qrng_health_feed(&source->health, noise, len);

	source->tested = jiffies;
	if (verdict == QRNG_HEALTH_PASS)
		return 0;
	return verdict == QRNG_HEALTH_PERMANENT ? -QRNG_ERR_PERMANENT : -QRNG_ERR_INTERMITTENT;
}

static int source_silent(struct qrng_source *source)
{
	source->silence += min(jiffies - source->looked, (unsigned long)SILENCE_GAP);
	source->looked = jiffies;
	if (source->silence < SILENCE_LIMIT)
		return 0;
	source->stats.timeouts++;
	return -ETIMEDOUT;
}

/* Return: bytes in @burst that passed the tests, 0 when there are none yet. */
static int source_read(struct qrng_source *source, size_t want)
{
	int ret, len;

	len = source->ops->read(source, source->burst, want);
	if (len < 0)
		return len;
	if (!len)
		return source_silent(source);
	qrng_condition_listen(source);
	source->unwiped = len;
	source->stats.raw_bytes += len;
	ret = source_verdict(source, source->burst, len);
	return ret ?: len;
}

static enum rest source_rest_after(int len)
{
	return len ? REST_NONE : REST_POLL;
}

static int source_step_start(struct qrng_source *source)
{
	int ret = source->ops->start(source);

	if (ret)
		return ret;
	qrng_condition_started(source);
	return REST_NONE;
}

/*
 * SP 800-90B 4.3 allows to use the samples of a start-up test that was passed; here
 * they only speak for those that follow.
 */
static int source_step_test(struct qrng_source *source)
{
	int len = source_read(source, source->health.startup_left);

	if (len < 0)
		return len;
	if (len && qrng_health_passed(&source->health))
		qrng_condition_passed(source);
	return source_rest_after(len);
}

/* Hardware that is pulled while it waits for its next try is gone, not just failed. */
static int source_step_wait(struct qrng_source *source)
{
	if (source->ops->check(source) == -ENODEV)
		return -ENODEV;
	qrng_condition_waited(source);
	return qrng_recovery_waits(source->recovery.state) ? REST_IDLE : REST_NONE;
}

static int source_step_fill(struct qrng_source *source)
{
	bool first = !qrng_reserve_fill(&source->reserve);
	int len = source_read(source, sizeof(source->burst));

	if (len <= 0)
		return len;
	qrng_reserve_put(&source->reserve, source->burst, len);
	/* A generator that waits for its seed comes before readers of raw noise. */
	if (first)
		qrng_drbg_sources_changed();
	qrng_noise_announce(source);
	return len;
}

/*
 * Filling goes on until another burst might not fit, so that a steady consumer is
 * served in few long bursts. Returns whether the hardware is to be read.
 */
static bool source_filling(struct qrng_source *source)
{
	u32 fill = qrng_reserve_fill(&source->reserve);
	bool was = source->filling;

	source->filling = was ? fill <= QRNG_RESERVE_SIZE - sizeof(source->burst) :
				qrng_source_wants(source);
	if (source->filling && !was)
		qrng_condition_listen(source);
	return source->filling;
}

/* The reserve may hold for hours; noise that is tested now and then tells of the card. */
static bool source_surveying(struct qrng_source *source)
{
	bool due = time_after(jiffies, source->tested + SURVEY_INTERVAL);

	if (due && !source->surveying)
		qrng_condition_listen(source);
	source->surveying = due;
	return due;
}

static int source_step_healthy(struct qrng_source *source)
{
	int ret;

	if (source->testing)
		return source_step_test(source);
	if (source_filling(source))
		ret = source_step_fill(source);
	else if (source_surveying(source))
		ret = source_read(source, SURVEY_BYTES);
	else
		return source->ops->check(source) ?: REST_IDLE;
	return ret < 0 ? ret : source_rest_after(ret);
}

/* Return: how to rest before the next step, or why the source failed. */
static int source_step(struct qrng_source *source)
{
	switch (source->recovery.state) {
	case QRNG_RECOVERY_STARTUP:
	case QRNG_RECOVERY_HALF_OPEN:
		return source->started ? source_step_test(source) : source_step_start(source);
	case QRNG_RECOVERY_RECOVERING:
		return source_step_start(source);
	case QRNG_RECOVERY_VALIDATING:
		return source_step_test(source);
	case QRNG_RECOVERY_HEALTHY:
		return source_step_healthy(source);
	case QRNG_RECOVERY_FAILED:
	case QRNG_RECOVERY_OPEN:
		return source_step_wait(source);
	default:
		return REST_IDLE;
	}
}

static bool source_roused(struct qrng_source *source)
{
	if (kthread_should_stop() || kthread_should_park() || !qrng_mailbox_empty(source) ||
	    qrng_reserve_closed(&source->reserve))
		return true;
	return qrng_source_state(source) == QRNG_SOURCE_HEALTHY && qrng_source_wants(source);
}

static void source_rest(struct qrng_source *source, enum rest rest)
{
	if (rest == REST_POLL)
		usleep_range(source->poll_us, source->poll_us + source->poll_us / 4);
	else if (rest == REST_IDLE)
		wait_event_idle_timeout(source->thread_wait, source_roused(source),
					CHECK_INTERVAL);
	else
		cond_resched();
}

/* What passed through @burst is in the reserve, or with its consumer, or was dropped. */
static void source_wipe(struct qrng_source *source)
{
	memzero_explicit(source->burst, source->unwiped);
	source->unwiped = 0;
}

/*
 * The machine slept, or is the copy of another: nobody knows what became of the card
 * meanwhile, and its noise may exist twice. What was read before is dropped, and
 * everything starts again.
 */
static void source_thaw(struct qrng_source *source)
{
	qrng_reserve_open(&source->reserve);
	qrng_condition_restart(source, QRNG_REASON_RESUME);
	/* It may have come back with its modules on. */
	if (source->recovery.state == QRNG_RECOVERY_DISABLED)
		source->ops->stop(source);
}

static void follow(struct qrng_source *source, enum qrng_source_state *seen)
{
	if (*seen == qrng_source_state(source))
		return;
	qrng_hwrng_follow(source);
	*seen = qrng_source_state(source);
}

static int reader(void *data)
{
	enum qrng_source_state seen = QRNG_SOURCE_STARTUP;
	struct qrng_source *source = data;
	int ret;

	while (!kthread_should_stop()) {
		if (kthread_should_park()) {
			kthread_parkme();
			continue;
		}
		if (qrng_reserve_closed(&source->reserve))
			source_thaw(source);
		qrng_mailbox_serve(source);
		/* One step may pass the test of a new claim: in the same state, but another. */
		follow(source, &seen);
		ret = source_step(source);
		source_wipe(source);
		if (ret < 0) {
			qrng_condition_failed(source, ret);
			ret = REST_IDLE;
		}
		follow(source, &seen);
		source_rest(source, ret);
	}
	source->ops->stop(source);
	return 0;
}

/**
 * qrng_reader_start() - start a source's thread
 * @source: the source, listed and with its device added
 *
 * Context: process context, sleeps.
 * Return: 0, or an error; there is no thread then.
 */
int qrng_reader_start(struct qrng_source *source)
{
	struct task_struct *thread = kthread_run(reader, source, "%s", source->name);

	if (IS_ERR(thread))
		return PTR_ERR(thread);
	source->thread = thread;
	return 0;
}

/**
 * qrng_reader_start_over() - use nothing that was read so far, and start again
 * @source: the source
 *
 * Noise that is on its way is dropped, too. The thread does the rest when it comes to it.
 *
 * Context: process context, does not sleep.
 */
void qrng_reader_start_over(struct qrng_source *source)
{
	qrng_reserve_close(&source->reserve);
	wake_up(&source->thread_wait);
}

/**
 * qrng_reader_pause() - leave the hardware alone: it goes to sleep, and its registers with it
 * @source: the source
 *
 * Not by the freezer, which freezes before devices sleep and thaws after they wake: from 6.1
 * on a frozen thread does not hear that it shall end, and who pulls out the card or powers
 * the machine off meanwhile would wait for ever.
 *
 * Context: process context, sleeps; with the device's lock, as all callbacks of its class.
 */
void qrng_reader_pause(struct qrng_source *source)
{
	if (source->thread)
		kthread_park(source->thread);
}

/**
 * qrng_reader_resume() - the hardware is awake: use nothing that was read before, and start again
 * @source: the source
 *
 * Context: as qrng_reader_pause().
 */
void qrng_reader_resume(struct qrng_source *source)
{
	qrng_reserve_close(&source->reserve);
	if (source->thread)
		kthread_unpark(source->thread);
}

/**
 * qrng_reader_halt() - end a source's thread, and every access to the hardware
 * @source: a source whose thread was started; its waiters go on waiting
 *
 * Context: process context, sleeps, but never long.
 */
void qrng_reader_halt(struct qrng_source *source)
{
	struct task_struct *thread;

	/* Who pauses or resumes it meanwhile finds it whole or not at all. */
	device_lock(&source->dev);
	thread = source->thread;
	source->thread = NULL;
	device_unlock(&source->dev);
	if (!thread)
		return;
	kthread_stop(thread);
	qrng_mailbox_close(source);
}

/**
 * qrng_reader_stop() - end a source's thread, and the source with it
 * @source: a source whose thread was started
 *
 * The thread ends first, which never takes long, and with it every access to the
 * hardware. Then every waiter is woken: they see %QRNG_SOURCE_GONE and leave, so
 * that nothing after that is held up by a reader that waits for noise.
 *
 * Context: process context, sleeps.
 */
void qrng_reader_stop(struct qrng_source *source)
{
	qrng_reader_halt(source);
	qrng_condition_ended(source);
	/* Who reads /dev/hwrng shall get another source, if there is one. */
	qrng_hwrng_follow(source);
}
