// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/workqueue.h>

#include "accumulator.h"
#include "child.h"
#include "drbg.h"
#include "event.h"
#include "generation.h"
#include "host.h"
#include "policy.h"

/* When a reseed is due but the sources have not given enough yet. */
#define RETRY_INTERVAL		(HZ / 50)

static void reseed_work(struct work_struct *work);

/*
 * The root is of one type for good, whatever its children are: all it makes is 48 bytes
 * for each of them now and then, for which any 256-bit cipher is as good, and ChaCha20
 * needs no tables. A live key need never move from one type to another.
 *
 * @lock guards everything but @spent; config, due, tried and reason are also read without it. It
 * is taken before qrng_sources_lock. @seed is here because it is too large for a stack;
 * it holds zeroes between calls. @owed is the reason of the next reseed
 * with noise, if the root had to do without since the machine slept or was copied.
 */
static struct {
	struct mutex lock;
	struct qrng_generator root;
	struct qrng_host_ctx ctx;
	struct qrng_pool_seed seed;
	struct qrng_drbg_config config;
	u64 reseeded;
	enum qrng_reseed_reason reason;
	enum qrng_reseed_reason owed;
	u64 tried;
	u64 due;
	struct delayed_work work;
	atomic64_t spent ____cacheline_aligned_in_smp;
} drbg = {
	.lock = __MUTEX_INITIALIZER(drbg.lock),
	.config = {
		/* As often as the kernel reseeds its own. */
		.reseed_interval = 60,
		.reseed_bytes = 1 << 30,
		.grace_seconds = 10,
		.grace_bytes = 16 << 20,
		.policy = QRNG_POLICY_BLOCK,
		.generator = QRNG_GENERATOR_CHACHA20,
	},
	.work = __DELAYED_WORK_INITIALIZER(drbg.work, reseed_work, 0),
};

/**
 * qrng_drbg_tell() - an event of the generator, for whoever listens
 * @kind: what happened
 *
 * Context: process context, sleeps for memory only; takes no lock.
 */
void qrng_drbg_tell(enum qrng_event kind)
{
	qrng_event_drbg(kind, qrng_drbg_state(), qrng_generation(), READ_ONCE(drbg.reason));
}

static void set_due(void)
{
	WRITE_ONCE(drbg.due, drbg.reseeded + (u64)drbg.config.reseed_interval * HZ);
}

/* The generation moves last: who sees it finds the new root behind the lock. */
static void root_reseed(const void *seed, size_t len, enum qrng_reseed_reason reason)
{
	qrng_generator_reseed(&drbg.root, seed, len, qrng_generation() + 1);
	qrng_generation_advance();
	atomic64_set(&drbg.spent, 0);
	drbg.reseeded = get_jiffies_64();
	set_due();
	WRITE_ONCE(drbg.reason, reason);
	qrng_drbg_tell(QRNG_EVENT_RESEED);
}

static void root_reseed_kernel(enum qrng_reseed_reason reason)
{
	u8 kernel[QRNG_KEY_SIZE];

	get_random_bytes(kernel, sizeof(kernel));
	root_reseed(kernel, sizeof(kernel), reason);
	memzero_explicit(kernel, sizeof(kernel));
}

static enum qrng_reseed_reason noise_reason(enum qrng_reseed_reason reason)
{
	if (!qrng_accumulator_reseeds())
		return QRNG_RESEED_FIRST;
	return drbg.owed ?: reason;
}

static int root_reseed_noise(enum qrng_reseed_reason reason)
{
	int ret;

	reason = noise_reason(reason);
	WRITE_ONCE(drbg.tried, get_jiffies_64());
	WRITE_ONCE(drbg.due, drbg.tried + RETRY_INTERVAL);
	ret = qrng_accumulator_take(&drbg.seed);
	if (ret)
		return ret;
	root_reseed(drbg.seed.bytes, drbg.seed.len, reason);
	memzero_explicit(&drbg.seed, sizeof(drbg.seed));
	drbg.owed = QRNG_RESEED_NONE;
	return 0;
}

/**
 * qrng_drbg_seed() - mix noise into the root
 * @reason: what to call it, unless it is the first, or one that was owed
 *
 * Context: process context, sleeps.
 * Return: 0; -EAGAIN when the sources have not given enough, or the last seed with noise
 * came a moment ago.
 */
int qrng_drbg_seed(enum qrng_reseed_reason reason)
{
	int ret;

	mutex_lock(&drbg.lock);
	ret = root_reseed_noise(reason);
	mutex_unlock(&drbg.lock);
	return ret;
}

/**
 * qrng_drbg_seed_kernel() - mix the kernel's randomness alone into the root
 * @reason: why
 *
 * Context: process context, sleeps.
 * Return: 0; -EAGAIN when the kernel's generator has no seed itself yet.
 */
int qrng_drbg_seed_kernel(enum qrng_reseed_reason reason)
{
	if (!rng_is_initialized())
		return -EAGAIN;
	mutex_lock(&drbg.lock);
	root_reseed_kernel(reason);
	mutex_unlock(&drbg.lock);
	return 0;
}

/**
 * qrng_drbg_renew() - what was made so far may exist twice: part from it
 * @reason: %QRNG_RESEED_RESUME or %QRNG_RESEED_VMFORK
 *
 * When this returns no child begins to make bytes before it was renewed, from a root that
 * has the kernel's randomness of this moment in it, and its file drops those it was
 * making. Noise in the pools stays there, but is worth nothing any more. The next seed with
 * noise is owed for the same reason.
 *
 * Context: process context, sleeps.
 */
void qrng_drbg_renew(enum qrng_reseed_reason reason)
{
	mutex_lock(&drbg.lock);
	qrng_accumulator_forfeit();
	if (drbg.root.generation) {
		root_reseed_kernel(reason);
		drbg.owed = reason;
	}
	mutex_unlock(&drbg.lock);
}

/* Return: why a reseed is due, %QRNG_RESEED_NONE: it is not. */
static enum qrng_reseed_reason due_reason(void)
{
	u64 interval = (u64)READ_ONCE(drbg.config.reseed_interval) * HZ;

	if (atomic64_read(&drbg.spent) >= READ_ONCE(drbg.config.reseed_bytes))
		return QRNG_RESEED_BYTES;
	if (time_after_eq64(get_jiffies_64(), drbg.reseeded + interval))
		return QRNG_RESEED_INTERVAL;
	return QRNG_RESEED_NONE;
}

/*
 * Without a source that could give a seed (in the grace period) there is nothing to be
 * done, which is found out anew after a second rather than at each read.
 */
static void reseed_work(struct work_struct *work)
{
	enum qrng_reseed_reason reason;

	mutex_lock(&drbg.lock);
	reason = due_reason();
	if (reason == QRNG_RESEED_NONE)
		set_due();
	else if (qrng_drbg_state() == QRNG_DRBG_READY)
		root_reseed_noise(reason);
	else if (qrng_drbg_state() == QRNG_DRBG_KERNEL)
		root_reseed_kernel(reason);
	else
		WRITE_ONCE(drbg.due, get_jiffies_64() + HZ);
	mutex_unlock(&drbg.lock);
}

/**
 * qrng_drbg_reseed() - reseed the root now
 * @reason: why
 *
 * Context: process context, sleeps.
 * Return: 0; -EAGAIN when no source is healthy, the healthy ones have not given enough
 * yet, or the last reseed came a moment (100 ms) ago.
 */
int qrng_drbg_reseed(enum qrng_reseed_reason reason)
{
	switch (qrng_drbg_state()) {
	case QRNG_DRBG_READY:
		return qrng_drbg_seed(reason);
	case QRNG_DRBG_KERNEL:
		return qrng_drbg_seed_kernel(reason);
	default:
		return -EAGAIN;
	}
}

/**
 * qrng_drbg_generator() - what a file opened now works with
 *
 * Context: any.
 * Return: enum qrng_generator_id.
 */
u32 qrng_drbg_generator(void)
{
	return READ_ONCE(drbg.config.generator);
}

/**
 * qrng_drbg_hurry() - have the next reseed made, if it is due
 *
 * Context: any; does not wait for it.
 */
void qrng_drbg_hurry(void)
{
	if (time_after64(get_jiffies_64(), READ_ONCE(drbg.due)))
		queue_delayed_work(system_wq, &drbg.work, 0);
}

/**
 * qrng_drbg_spend() - count output towards the next reseed
 * @bytes: handed out by children; they save up so that they seldom meet here
 *
 * Context: any.
 */
void qrng_drbg_spend(u64 bytes)
{
	u64 spent = atomic64_add_return(bytes, &drbg.spent);

	if (spent >= READ_ONCE(drbg.config.reseed_bytes))
		WRITE_ONCE(drbg.due, READ_ONCE(drbg.tried) + RETRY_INTERVAL);
}

/**
 * qrng_drbg_derive() - seed a child from the root
 * @child: the generator; the caller serialises the calls on it
 * @nowait: rather fail than wait for the root's lock
 *
 * Context: process context, may sleep unless @nowait.
 * Return: 0; -EAGAIN only with @nowait; -EIO when there never was a seed.
 */
int qrng_drbg_derive(struct qrng_generator *child, bool nowait)
{
	bool derived;

	if (nowait) {
		if (!mutex_trylock(&drbg.lock))
			return -EAGAIN;
	} else {
		mutex_lock(&drbg.lock);
	}
	derived = drbg.root.generation && qrng_generator_derive(&drbg.root, child);
	mutex_unlock(&drbg.lock);
	return derived ? 0 : -EIO;
}

/**
 * qrng_drbg_get_config() - what is set
 * @config: filled in
 */
void qrng_drbg_get_config(struct qrng_drbg_config *config)
{
	mutex_lock(&drbg.lock);
	*config = drbg.config;
	mutex_unlock(&drbg.lock);
}

/**
 * qrng_drbg_set_config() - set it, and tell whoever listens
 * @config: values within their limits
 *
 * Holds at once: for a grace period that has begun, too, and for readers that wait.
 *
 * Context: process context, sleeps.
 * Return: 0.
 */
int qrng_drbg_set_config(const struct qrng_drbg_config *config)
{
	mutex_lock(&drbg.lock);
	drbg.config = *config;
	set_due();
	mutex_unlock(&drbg.lock);
	qrng_policy_set(config);
	qrng_drbg_tell(QRNG_EVENT_DRBG_CONFIG);
	return 0;
}

/**
 * qrng_drbg_look() - read state and counters
 * @info: filled in
 */
void qrng_drbg_look(struct qrng_drbg_info *info)
{
	memset(info, 0, sizeof(*info));
	mutex_lock(&drbg.lock);
	info->cipher = qrng_child_type(drbg.config.generator)->name;
	info->generation = drbg.root.generation;
	if (info->generation)
		info->reseed_age_ms = jiffies64_to_msecs(get_jiffies_64() - drbg.reseeded);
	info->reseed_reason = drbg.reason;
	info->seed_bytes = qrng_accumulator_bytes();
	info->config = drbg.config;
	mutex_unlock(&drbg.lock);
	info->output_bytes = qrng_child_output();
	info->open_files = qrng_child_count();
	qrng_policy_look(info);
}

/**
 * qrng_drbg_look_pool() - read what is in the pools
 * @info: filled in
 */
void qrng_drbg_look_pool(struct qrng_pool_info *info)
{
	mutex_lock(&drbg.lock);
	qrng_accumulator_look(info);
	mutex_unlock(&drbg.lock);
}

/** qrng_drbg_init() - make the root generator; it has no seed yet */
void qrng_drbg_init(void)
{
	qrng_generator_init(&drbg.root, &qrng_generator_chacha20, &drbg.ctx);
	qrng_accumulator_init();
	qrng_policy_init(&drbg.config);
}

/** qrng_drbg_exit() - wipe the root generator; no source and no open file is left */
void qrng_drbg_exit(void)
{
	qrng_policy_exit();
	cancel_delayed_work_sync(&drbg.work);
	qrng_generator_wipe(&drbg.root);
	qrng_accumulator_exit();
}
