// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/workqueue.h>

#include "drbg.h"
#include "generation.h"
#include "policy.h"
#include "source.h"

/* When a source is healthy but has not given enough for a seed yet. */
#define SEED_RETRY	(HZ / 50)

/* When the kernel's own generator is to give the seed and has none itself. */
#define KERNEL_RETRY	HZ

static bool kernel_seed;
module_param(kernel_seed, bool, 0444);
MODULE_PARM_DESC(kernel_seed,
		 "work from the kernel's randomness alone until a source is healthy (default: off)");

DECLARE_WAIT_QUEUE_HEAD(qrng_drbg_wait);

static void look_again(struct work_struct *work);

/*
 * @lock guards everything but @used, and is taken before the root's; all but @work is
 * also read without it. @after is the state that follows the grace period as things are
 * now: a reader who finds that over need not wait for somebody to notice. @began_ms and
 * @used are of the last grace period and stand until the next, so that whoever still
 * sees that one sees its end, too. Readers meet at @used, but only in a grace period.
 */
static struct {
	struct mutex lock;
	enum qrng_drbg_state state;
	enum qrng_drbg_state after;
	u64 entered_ms;
	u64 began_ms;
	u64 grace_ms;
	u64 grace_bytes;
	enum qrng_failure_policy failure;
	struct delayed_work work;
	atomic64_t used ____cacheline_aligned_in_smp;
} policy = {
	.lock = __MUTEX_INITIALIZER(policy.lock),
	.state = QRNG_DRBG_NO_SOURCE,
	.after = QRNG_DRBG_NO_SOURCE,
	.work = __DELAYED_WORK_INITIALIZER(policy.work, look_again, 0),
};

static u64 now_ms(void)
{
	return ktime_to_ms(ktime_get_boottime());
}

static u64 left_of(u64 limit, u64 used)
{
	return limit > used ? limit - used : 0;
}

static u64 grace_left_ms(void)
{
	return left_of(READ_ONCE(policy.grace_ms), now_ms() - READ_ONCE(policy.began_ms));
}

static u64 grace_left_bytes(void)
{
	return left_of(READ_ONCE(policy.grace_bytes), atomic64_read(&policy.used));
}

static bool grace_over(void)
{
	return !grace_left_bytes() || !grace_left_ms();
}

/**
 * qrng_drbg_state() - look how readers are to be treated now
 *
 * Context: any. Changes of it are announced through qrng_drbg_wait.
 *
 * Return: the generator's state.
 */
enum qrng_drbg_state qrng_drbg_state(void)
{
	/* Pairs with enter(): who sees the grace period sees when it began. */
	enum qrng_drbg_state state = smp_load_acquire(&policy.state);

	if (state == QRNG_DRBG_GRACE && grace_over())
		return READ_ONCE(policy.after);
	return state;
}

static void say(enum qrng_drbg_state state)
{
	switch (state) {
	case QRNG_DRBG_READY:
		pr_info_ratelimited("generator ready\n");
		break;
	case QRNG_DRBG_GRACE:
		pr_warn_ratelimited("no healthy source: going on for %llu ms or %llu bytes\n",
				    policy.grace_ms, policy.grace_bytes);
		break;
	case QRNG_DRBG_STALLED:
		pr_err_ratelimited("no healthy source: readers %s\n",
				   policy.failure == QRNG_POLICY_BLOCK ? "wait" : "get errors");
		break;
	case QRNG_DRBG_NO_SOURCE:
		pr_err_ratelimited("no source left: readers get errors\n");
		break;
	case QRNG_DRBG_KERNEL:
		pr_warn_ratelimited("no source: seeded by the kernel alone\n");
		break;
	case QRNG_DRBG_UNSEEDED:
		pr_info_ratelimited("waiting for a first seed\n");
		break;
	}
}

static void enter(enum qrng_drbg_state next)
{
	u64 now = now_ms();

	if (next == policy.state)
		return;
	if (next == QRNG_DRBG_GRACE) {
		atomic64_set(&policy.used, 0);
		WRITE_ONCE(policy.began_ms, now);
	}
	/* Pairs with qrng_drbg_state(). */
	smp_store_release(&policy.state, next);
	WRITE_ONCE(policy.entered_ms, now);
	say(next);
	qrng_drbg_tell(QRNG_EVENT_DRBG_STATE);
	wake_up_all(&qrng_drbg_wait);
}

static void count_sources(unsigned int *present, unsigned int *healthy)
{
	struct qrng_source *source;

	*present = *healthy = 0;
	mutex_lock(&qrng_sources_lock);
	list_for_each_entry(source, &qrng_sources, node) {
		*present += qrng_source_state(source) != QRNG_SOURCE_GONE;
		*healthy += qrng_source_state(source) == QRNG_SOURCE_HEALTHY;
	}
	mutex_unlock(&qrng_sources_lock);
}

/* No source is healthy, or the one that is has not given enough for a seed. */
static enum qrng_drbg_state judge_without(unsigned int present)
{
	if (policy.state == QRNG_DRBG_KERNEL)
		return QRNG_DRBG_KERNEL;
	if (policy.state == QRNG_DRBG_READY && policy.grace_ms && policy.grace_bytes)
		return QRNG_DRBG_GRACE;
	if (policy.state == QRNG_DRBG_GRACE && !grace_over())
		return QRNG_DRBG_GRACE;
	if (qrng_generation())
		return policy.after;
	if (kernel_seed && !qrng_drbg_seed_kernel(QRNG_RESEED_FIRST))
		return QRNG_DRBG_KERNEL;
	return present ? QRNG_DRBG_UNSEEDED : QRNG_DRBG_NO_SOURCE;
}

static enum qrng_drbg_state judge(unsigned int present, unsigned int healthy)
{
	WRITE_ONCE(policy.after, present ? QRNG_DRBG_STALLED : QRNG_DRBG_NO_SOURCE);
	if (healthy && policy.state == QRNG_DRBG_READY)
		return QRNG_DRBG_READY;
	/* Coming back from a gap in health takes a fresh seed. */
	if (healthy && !qrng_drbg_seed(QRNG_RESEED_RECOVERY))
		return QRNG_DRBG_READY;
	return judge_without(present);
}

/* When things may change though no source does. */
static void look_later(unsigned int healthy)
{
	if (policy.state == QRNG_DRBG_READY)
		return;
	if (healthy)
		mod_delayed_work(system_wq, &policy.work, SEED_RETRY);
	else if (policy.state == QRNG_DRBG_GRACE)
		mod_delayed_work(system_wq, &policy.work, msecs_to_jiffies(grace_left_ms()) + 1);
	else if (kernel_seed && !qrng_generation())
		mod_delayed_work(system_wq, &policy.work, KERNEL_RETRY);
}

/**
 * qrng_drbg_sources_changed() - take note of a source's new state
 *
 * Context: process context, sleeps; called without locks.
 */
void qrng_drbg_sources_changed(void)
{
	unsigned int present, healthy;

	mutex_lock(&policy.lock);
	count_sources(&present, &healthy);
	enter(judge(present, healthy));
	look_later(healthy);
	mutex_unlock(&policy.lock);
}

static void look_again(struct work_struct *work)
{
	qrng_drbg_sources_changed();
}

/**
 * qrng_policy_check() - what is a reader to do?
 *
 * Context: any.
 * Return: 0: draw; -EAGAIN: wait; -EIO, -ENODEV: fail.
 */
int qrng_policy_check(void)
{
	switch (qrng_drbg_state()) {
	case QRNG_DRBG_READY:
	case QRNG_DRBG_GRACE:
	case QRNG_DRBG_KERNEL:
		return 0;
	case QRNG_DRBG_NO_SOURCE:
		return -ENODEV;
	case QRNG_DRBG_STALLED:
		return READ_ONCE(policy.failure) == QRNG_POLICY_ERROR ? -EIO : -EAGAIN;
	default:
		return -EAGAIN;
	}
}

/* Return: bytes taken from what is left of the grace period's, 0 when that is over. */
static size_t grace_take(size_t len)
{
	s64 used = atomic64_read(&policy.used);
	size_t take;

	do {
		take = min_t(u64, len, left_of(READ_ONCE(policy.grace_bytes), used));
		if (!take)
			break;
	} while (!atomic64_try_cmpxchg(&policy.used, &used, used + take));
	if (grace_over())
		mod_delayed_work(system_wq, &policy.work, 0);
	return take;
}

/**
 * qrng_policy_grant() - may this much be drawn?
 * @len: as much as one reader draws at a time: what may be given beyond the limits of
 *	the grace period by each of those who asked just before it began
 *
 * Context: any.
 * Return: how much of it; 0 when the state has just changed, and qrng_policy_check()
 * tells what to do.
 */
size_t qrng_policy_grant(size_t len)
{
	switch (qrng_drbg_state()) {
	case QRNG_DRBG_READY:
	case QRNG_DRBG_KERNEL:
		return len;
	case QRNG_DRBG_GRACE:
		return grace_take(len);
	default:
		return 0;
	}
}

static void take_limits(const struct qrng_drbg_config *config)
{
	WRITE_ONCE(policy.grace_ms, (u64)config->grace_seconds * MSEC_PER_SEC);
	WRITE_ONCE(policy.grace_bytes, config->grace_bytes);
	WRITE_ONCE(policy.failure, config->policy);
}

/**
 * qrng_policy_set() - new limits, for a grace period that has begun, too
 * @config: what was set
 *
 * Context: process context, sleeps.
 */
void qrng_policy_set(const struct qrng_drbg_config *config)
{
	mutex_lock(&policy.lock);
	take_limits(config);
	mutex_unlock(&policy.lock);
	qrng_drbg_sources_changed();
	/* Those who wait may be told to fail now. */
	wake_up_all(&qrng_drbg_wait);
}

/**
 * qrng_policy_look() - add state and grace period to a look at the generator
 * @info: the look
 */
void qrng_policy_look(struct qrng_drbg_info *info)
{
	info->state = qrng_drbg_state();
	info->state_age_ms = now_ms() - READ_ONCE(policy.entered_ms);
	if (info->state == QRNG_DRBG_GRACE) {
		info->grace_left_ms = grace_left_ms();
		info->grace_left_bytes = grace_left_bytes();
	}
	info->kernel_seed = kernel_seed;
}

/**
 * qrng_policy_init() - take the first state
 * @config: what is set
 */
void qrng_policy_init(const struct qrng_drbg_config *config)
{
	take_limits(config);
	WRITE_ONCE(policy.entered_ms, now_ms());
	qrng_drbg_sources_changed();
}

/** qrng_policy_exit() - nothing looks at the state any more; no source is left */
void qrng_policy_exit(void)
{
	cancel_delayed_work_sync(&policy.work);
}
