// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
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

/* No noise for this long, though it was wanted, is a failure. */
#define SILENCE_LIMIT		HZ

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

static void source_arm(struct qrng_source *source)
{
	qrng_health_arm(&source->health, sizeof(source->burst));
	source->heard = jiffies;
}

/* What was read before the trouble is dropped too: it came from the same source. */
static void source_fail(struct qrng_source *source, int error)
{
	qrng_reserve_drop(&source->reserve);
	source->heard = jiffies;
	if (error == -ENODEV) {
		dev_warn(&source->dev, "the hardware is gone\n");
		source_become(source, QRNG_SOURCE_GONE);
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
	dev_warn(&source->dev, "health test failed (%s)\n",
		 verdict == QRNG_HEALTH_PERMANENT ? "permanent" : "intermittent");
	return -EILSEQ;
}

/* Return: bytes in @burst that passed the tests, 0 when there are none yet. */
static int source_read(struct qrng_source *source, size_t want)
{
	int ret, len;

	len = source->ops->read(source, source->burst, want);
	if (len < 0)
		return len;
	if (!len) {
		if (time_before(jiffies, source->heard + SILENCE_LIMIT))
			return 0;
		source->stats.timeouts++;
		return -ETIMEDOUT;
	}
	source->heard = jiffies;
	source->stats.raw_bytes += len;
	ret = source_verdict(source, source->burst, len);
	return ret ?: len;
}

/* SP 800-90B 4.3: the samples of the start-up test are not used for anything else. */
static int source_step_startup(struct qrng_source *source)
{
	int len = source_read(source, source->health.startup_left);

	if (len <= 0 || !qrng_health_passed(&source->health))
		return len;
	source->failures = 0;
	source->stats.startup_passes++;
	dev_info(&source->dev, "start-up test passed\n");
	source_become(source, QRNG_SOURCE_HEALTHY);
	return len;
}

static int source_step_fill(struct qrng_source *source)
{
	bool first = !qrng_reserve_fill(&source->reserve);
	int len = source_read(source, sizeof(source->burst));

	if (len <= 0)
		return len;
	qrng_reserve_put(&source->reserve, source->burst, len);
	wake_up_interruptible(&source->data_wait);
	/* The generator needs a first seed's worth of noise, not only good health. */
	if (first)
		qrng_drbg_sources_changed();
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
		source->heard = jiffies;
	return source->filling;
}

/* The reserve may hold for hours; noise that is tested now and then tells of the card. */
static bool source_surveying(struct qrng_source *source)
{
	bool due = time_after(jiffies, source->tested + SURVEY_INTERVAL);

	if (due && !source->surveying)
		source->heard = jiffies;
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

	if (source_filling(source))
		ret = source_step_fill(source);
	else if (source_surveying(source))
		ret = source_read(source, SURVEY_BYTES);
	else
		return source->ops->check(source) ?: REST_IDLE;
	return ret < 0 ? ret : source_rest_after(ret);
}

static int source_step_failed(struct qrng_source *source)
{
	unsigned int doublings = min_t(u32, source->failures - 1, RETRY_DOUBLINGS);

	if (time_before(jiffies, source->heard + (RETRY_FIRST << doublings)))
		return REST_IDLE;
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
	if (rest == REST_POLL)
		usleep_range(source->poll_us, source->poll_us + source->poll_us / 4);
	else if (rest == REST_IDLE)
		wait_event_idle_timeout(source->thread_wait, source_roused(source),
					CHECK_INTERVAL);
	else
		cond_resched();
}

static int source_thread(void *data)
{
	struct qrng_source *source = data;
	int ret = source_start(source, QRNG_SOURCE_STARTUP);

	while (!kthread_should_stop()) {
		if (ret < 0) {
			source_fail(source, ret);
			ret = REST_IDLE;
		}
		source_rest(source, ret);
		ret = source_step(source);
	}
	source->ops->stop(source);
	memzero_explicit(source->burst, sizeof(source->burst));
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
	mutex_lock(&qrng_sources_lock);
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
	ret = qrng_hwrng_register(source);
	if (ret)
		goto err_stop;
	return 0;

err_stop:
	kthread_stop(source->thread);
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
