// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "drbg.h"
#include "hwrng.h"
#include "source.h"
#include "sysfs.h"

/* While idle: how often to see whether the hardware is there and in order. */
#define CHECK_INTERVAL		(HZ / 4)

/* While idle: how often to put a fresh burst through the tests. */
#define SURVEY_INTERVAL		(10 * HZ)
#define SURVEY_BYTES		1024

/*
 * No noise for this long, though it was wanted and looked for, is a failure. Looked
 * for: a thread that did not run for a second has learnt nothing about the card.
 */
#define SILENCE_LIMIT		HZ
#define SILENCE_POLLS		8

/* A source that has been well for so long has put its failures behind it. */
#define FORGIVE_INTERVAL	(60 * HZ)

/* Wait before a failed source is started again: doubles each time. */
#define RETRY_FIRST		(HZ / 4)
#define RETRY_DOUBLINGS		7

/** enum rest - what the thread does between two steps */
enum rest {
	REST_NONE,	/* noise came: there may be more */
	REST_POLL,	/* noise is due in a moment */
	REST_IDLE,	/* until noise is wanted, or the next check is due */
};

LIST_HEAD(qrng_sources);
/* Guards the list; also keeps the sources in it from going away. */
DEFINE_MUTEX(qrng_sources_lock);

static void source_become(struct qrng_source *source, enum qrng_source_state state)
{
	WRITE_ONCE(source->state, state);
	wake_up_all(&source->data_wait);
	qrng_drbg_sources_changed();
}

/* From now on, silence counts. */
static void source_listen(struct qrng_source *source)
{
	source->heard = jiffies;
	source->silent_polls = 0;
}

static void source_arm(struct qrng_source *source)
{
	qrng_health_arm(&source->health, sizeof(source->burst));
	source_listen(source);
}

/* What was read before the trouble is dropped too: it came from the same source. */
static void source_fail(struct qrng_source *source, int error)
{
	qrng_reserve_drop(&source->reserve);
	source->failed = jiffies;
	if (error == -ENODEV) {
		dev_warn(&source->dev, "the hardware is gone\n");
		source_become(source, QRNG_SOURCE_GONE);
		/* Who reads /dev/hwrng shall get another source, if there is one. */
		qrng_hwrng_unregister(source);
		return;
	}
	/* Once for each failure in a row would flood the log of a dead card. */
	if (!source->failures++)
		dev_warn(&source->dev, "failed (%d), trying again\n", error);
	source_become(source, QRNG_SOURCE_FAILED);
}

static int source_start(struct qrng_source *source, enum qrng_source_state state)
{
	int ret = source->ops->start(source);

	if (ret)
		return ret;
	source_arm(source);
	source_become(source, state);
	return 0;
}

static int source_verdict(struct qrng_source *source, const u8 *noise, size_t len)
{
	enum qrng_health_verdict verdict = qrng_health_feed(&source->health, noise, len);

	source->tested = jiffies;
	if (verdict == QRNG_HEALTH_PASS)
		return 0;
	dev_warn_ratelimited(&source->dev, "health test failed (%s)\n",
		 verdict == QRNG_HEALTH_PERMANENT ? "permanent" : "intermittent");
	return -EILSEQ;
}

static int source_silent(struct qrng_source *source)
{
	if (++source->silent_polls < SILENCE_POLLS ||
	    time_before(jiffies, source->heard + SILENCE_LIMIT))
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
	source_listen(source);
	source->unwiped = len;
	source->stats.raw_bytes += len;
	ret = source_verdict(source, source->burst, len);
	return ret ?: len;
}

/*
 * SP 800-90B 4.3 allows to use the samples of a start-up test that was passed; here
 * they only speak for those that follow.
 */
static int source_step_startup(struct qrng_source *source)
{
	int len = source_read(source, source->health.startup_left);

	if (len <= 0 || !qrng_health_passed(&source->health))
		return len;
	source->stats.startup_passes++;
	dev_info_ratelimited(&source->dev, "start-up test passed\n");
	source_become(source, QRNG_SOURCE_HEALTHY);
	qrng_hwrng_register(source);
	return len;
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
	wake_up_interruptible(&source->data_wait);
	return len;
}

static bool source_wants(const struct qrng_source *source)
{
	return qrng_reserve_fill(&source->reserve) < QRNG_RESERVE_SIZE / 2;
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
				source_wants(source);
	if (source->filling && !was)
		source_listen(source);
	return source->filling;
}

/* The reserve may hold for hours; noise that is tested now and then tells of the card. */
static bool source_surveying(struct qrng_source *source)
{
	bool due = time_after(jiffies, source->tested + SURVEY_INTERVAL);

	if (due && !source->surveying)
		source_listen(source);
	source->surveying = due;
	return due;
}

static enum rest source_rest_after(int len)
{
	return len ? REST_NONE : REST_POLL;
}

static int source_step_healthy(struct qrng_source *source)
{
	int ret;

	if (source->failures && time_after(jiffies, source->failed + FORGIVE_INTERVAL))
		source->failures = 0;
	if (source_filling(source))
		ret = source_step_fill(source);
	else if (source_surveying(source))
		ret = source_read(source, SURVEY_BYTES);
	else
		return source->ops->check(source) ?: REST_IDLE;
	return ret < 0 ? ret : source_rest_after(ret);
}

/* A card that is pulled while it waits for its next try is gone, not just failed. */
static int source_step_failed(struct qrng_source *source)
{
	unsigned int doublings = min_t(u32, source->failures - 1, RETRY_DOUBLINGS);

	if (time_before(jiffies, source->failed + (RETRY_FIRST << doublings)))
		return source->ops->check(source) == -ENODEV ? -ENODEV : REST_IDLE;
	return source_start(source, QRNG_SOURCE_RECOVERING) ?: REST_NONE;
}

/* Return: how to rest before the next step, or why the source failed. */
static int source_step(struct qrng_source *source)
{
	int ret;

	switch (qrng_source_state(source)) {
	case QRNG_SOURCE_STARTUP:
	case QRNG_SOURCE_RECOVERING:
		ret = source_step_startup(source);
		return ret < 0 ? ret : source_rest_after(ret);
	case QRNG_SOURCE_HEALTHY:
		return source_step_healthy(source);
	case QRNG_SOURCE_FAILED:
		return source_step_failed(source);
	case QRNG_SOURCE_GONE:
		break;
	}
	return REST_IDLE;
}

static bool source_roused(struct qrng_source *source)
{
	if (kthread_should_stop())
		return true;
	return qrng_source_state(source) == QRNG_SOURCE_HEALTHY && source_wants(source);
}

static void source_rest(struct qrng_source *source, enum rest rest)
{
	bool gone = qrng_source_state(source) == QRNG_SOURCE_GONE;

	if (rest == REST_POLL)
		usleep_range(source->poll_us, source->poll_us + source->poll_us / 4);
	else if (rest == REST_IDLE)
		wait_event_idle_timeout(source->thread_wait, source_roused(source),
					gone ? MAX_SCHEDULE_TIMEOUT : CHECK_INTERVAL);
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
 * The machine slept: nobody knows what became of the card meanwhile, and an image of
 * the memory may exist. What was read before is dropped, and everything starts again.
 */
static int source_thaw(struct qrng_source *source)
{
	if (qrng_source_state(source) == QRNG_SOURCE_GONE)
		return REST_IDLE;
	qrng_reserve_drop(&source->reserve);
	return source_start(source, QRNG_SOURCE_RECOVERING) ?: REST_NONE;
}

static int source_thread(void *data)
{
	struct qrng_source *source = data;
	int ret = source_start(source, QRNG_SOURCE_STARTUP);
	bool slept;

	/* Asleep together with the hardware: its registers are not there in between. */
	set_freezable();
	while (!kthread_freezable_should_stop(&slept)) {
		if (slept)
			ret = source_thaw(source);
		if (ret < 0) {
			source_fail(source, ret);
			ret = REST_IDLE;
		}
		source_rest(source, ret);
		ret = source_step(source);
		source_wipe(source);
	}
	source->ops->stop(source);
	return 0;
}

/**
 * qrng_source_take() - take tested noise, each byte once
 * @source: the source
 * @to: where the bytes go
 * @len: how many are wanted
 *
 * Context: process context, does not sleep.
 * Return: bytes taken; 0 when there are none now.
 */
size_t qrng_source_take(struct qrng_source *source, u8 *to, size_t len)
{
	size_t taken = qrng_reserve_take(&source->reserve, to, len);

	atomic64_add(taken, &source->stats.used_bytes);
	if (source_wants(source))
		wake_up(&source->thread_wait);
	return taken;
}

static void source_release(struct device *dev)
{
	struct qrng_source *source = container_of(dev, struct qrng_source, dev);

	qrng_reserve_drop(&source->reserve);
	source->ops->release(source);
}

static int source_add_device(struct qrng_source *source, struct device *parent)
{
	source->dev.class = &qrng_class;
	source->dev.parent = parent;
	source->dev.groups = qrng_source_groups;
	source->dev.release = source_release;
	device_initialize(&source->dev);
	return dev_set_name(&source->dev, "%s", source->name) ?: device_add(&source->dev);
}

static void source_list(struct qrng_source *source)
{
	static u8 number;

	mutex_lock(&qrng_sources_lock);
	source->number = number++;
	list_add_tail(&source->node, &qrng_sources);
	mutex_unlock(&qrng_sources_lock);
	qrng_drbg_sources_changed();
}

static void source_unlist(struct qrng_source *source)
{
	mutex_lock(&qrng_sources_lock);
	list_del(&source->node);
	mutex_unlock(&qrng_sources_lock);
	qrng_drbg_sources_changed();
}

/**
 * qrng_source_register() - start a source
 * @source: zeroed memory with @ops, @name and @quality set
 * @parent: the device behind it
 *
 * Context: process context, sleeps.
 * Return: 0, or an error; @source is then released through its operations.
 */
int qrng_source_register(struct qrng_source *source, struct device *parent)
{
	int ret;

	init_waitqueue_head(&source->thread_wait);
	init_waitqueue_head(&source->data_wait);
	qrng_reserve_init(&source->reserve);
	qrng_health_init(&source->health, source->quality);
	ret = source_add_device(source, parent);
	if (ret)
		goto err_put;
	source_list(source);
	source->thread = kthread_run(source_thread, source, "%s", source->name);
	if (IS_ERR(source->thread)) {
		ret = PTR_ERR(source->thread);
		goto err_unlist;
	}
	return 0;

err_unlist:
	source_unlist(source);
	device_del(&source->dev);
err_put:
	put_device(&source->dev);
	return ret;
}

/**
 * qrng_source_unregister() - end a source, with whoever is using it
 * @source: the source; the caller's reference is gone afterwards
 *
 * The thread ends first, which never takes long, and with it every access to the
 * hardware. Then every waiter is woken: they see %QRNG_SOURCE_GONE and leave, so
 * that nothing after that is held up by a reader that waits for noise.
 *
 * Context: process context, sleeps.
 */
void qrng_source_unregister(struct qrng_source *source)
{
	kthread_stop(source->thread);
	source_become(source, QRNG_SOURCE_GONE);
	qrng_hwrng_unregister(source);
	source_unlist(source);
	device_del(&source->dev);
	put_device(&source->dev);
}
