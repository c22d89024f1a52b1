// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/workqueue.h>

#include "child.h"
#include "core/pool.h"
#include "drbg.h"
#include "event.h"
#include "generation.h"
#include "host.h"
#include "source.h"

/* A generator in use is reseeded this often, as the kernel's own is. */
#define RESEED_INTERVAL		(60 * HZ)

/* When a reseed is due but the sources have not given enough yet. */
#define RETRY_INTERVAL		(HZ / 50)

/* A seed must be worth the generator's key, at the sources' own claims. */
#define SEED_BITS		(8 * QRNG_KEY_SIZE)

/* What is asked of a source at a time: an event for each pool. */
#define GATHER_BYTES		(QRNG_POOLS * QRNG_POOL_EVENT_MAX)

DECLARE_WAIT_QUEUE_HEAD(qrng_drbg_wait);

static void reseed_work(struct work_struct *work);

/*
 * @lock guards everything; state and due are also read without it. It is taken before
 * qrng_sources_lock. @seed and @noise are here because they are too large for a stack;
 * they hold zeroes between calls.
 */
static struct {
	struct mutex lock;
	enum qrng_drbg_state state;
	struct qrng_generator root;
	struct qrng_host_ctx ctx;
	struct qrng_pool pool;
	struct qrng_pool_seed seed;
	u8 noise[GATHER_BYTES];
	u64 reseeded;
	enum qrng_reseed_reason reason;
	u64 due;
	u64 seed_bytes;
	struct delayed_work work;
} drbg = {
	.lock = __MUTEX_INITIALIZER(drbg.lock),
	.state = QRNG_DRBG_NO_SOURCE,
	.work = __DELAYED_WORK_INITIALIZER(drbg.work, reseed_work, 0),
};

static size_t gather_source(struct qrng_source *source)
{
	size_t got;

	if (qrng_source_state(source) != QRNG_SOURCE_HEALTHY)
		return 0;
	got = qrng_source_take(source, drbg.noise, sizeof(drbg.noise));
	qrng_pool_add(&drbg.pool, source->number, drbg.noise, got, source->quality);
	memzero_explicit(drbg.noise, got);
	return got;
}

/* Return: bytes that went from the sources' reserves into the pools. */
static size_t gather_sources(void)
{
	struct qrng_source *source;
	size_t got = 0;

	mutex_lock(&qrng_sources_lock);
	list_for_each_entry(source, &qrng_sources, node)
		got += gather_source(source);
	mutex_unlock(&qrng_sources_lock);
	drbg.seed_bytes += got;
	return got;
}

static void drbg_event(enum qrng_event kind)
{
	qrng_event_drbg(kind, drbg.state, drbg.root.generation, drbg.reason);
}

static bool pools_filled(void)
{
	return drbg.pool.fill >= QRNG_POOL_FILL_MIN && qrng_pool_credit(&drbg.pool) >= SEED_BITS;
}

/*
 * Every seed brings the kernel's own randomness along: a source that lies can not
 * make the output worse than /dev/urandom. Return: did the sources give enough, and was
 * the last seed long enough ago? What they gave is kept in the pools otherwise, and the
 * root is as it was.
 */
static bool drbg_reseed(enum qrng_reseed_reason reason)
{
	u64 now_ms = ktime_to_ms(ktime_get_boottime());
	u8 kernel[QRNG_KEY_SIZE];
	bool taken;

	WRITE_ONCE(drbg.due, get_jiffies_64() + RETRY_INTERVAL);
	while (!pools_filled())
		if (!gather_sources())
			return false;
	get_random_bytes(kernel, sizeof(kernel));
	taken = qrng_pool_reseed(&drbg.pool, now_ms, kernel, &drbg.seed);
	memzero_explicit(kernel, sizeof(kernel));
	if (!taken)
		return false;
	qrng_generator_reseed(&drbg.root, drbg.seed.bytes, drbg.seed.len, qrng_generation() + 1);
	qrng_generation_advance();
	memzero_explicit(&drbg.seed, sizeof(drbg.seed));
	drbg.reseeded = get_jiffies_64();
	WRITE_ONCE(drbg.due, drbg.reseeded + RESEED_INTERVAL);
	drbg.reason = reason;
	drbg_event(QRNG_EVENT_RESEED);
	return true;
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

static enum qrng_drbg_state drbg_judge(void)
{
	unsigned int present, healthy;

	count_sources(&present, &healthy);
	if (!present)
		return QRNG_DRBG_NO_SOURCE;
	if (healthy) {
		/* Coming back from a gap in health takes a fresh seed. */
		if (drbg.state == QRNG_DRBG_READY ||
		    drbg_reseed(drbg.root.generation ? QRNG_RESEED_RECOVERY : QRNG_RESEED_FIRST))
			return QRNG_DRBG_READY;
		mod_delayed_work(system_wq, &drbg.work, RETRY_INTERVAL);
	}
	return drbg.root.generation ? QRNG_DRBG_STALLED : QRNG_DRBG_UNSEEDED;
}

/**
 * qrng_drbg_sources_changed() - take note of a source's new state
 *
 * Context: process context, sleeps; called without locks.
 */
void qrng_drbg_sources_changed(void)
{
	enum qrng_drbg_state was;

	mutex_lock(&drbg.lock);
	was = drbg.state;
	WRITE_ONCE(drbg.state, drbg_judge());
	if (drbg.state != was)
		drbg_event(QRNG_EVENT_DRBG_STATE);
	mutex_unlock(&drbg.lock);
	wake_up_all(&qrng_drbg_wait);
}

/* The reseed of a generator in use, or another try at one that nobody can use yet. */
static void reseed_work(struct work_struct *work)
{
	if (qrng_drbg_state() != QRNG_DRBG_READY) {
		qrng_drbg_sources_changed();
		return;
	}
	mutex_lock(&drbg.lock);
	drbg_reseed(QRNG_RESEED_INTERVAL);
	mutex_unlock(&drbg.lock);
}

/**
 * qrng_drbg_state() - may bytes be drawn now?
 *
 * Context: any. Changes of it are announced through qrng_drbg_wait.
 *
 * Return: %QRNG_DRBG_READY if they may, else why not.
 */
enum qrng_drbg_state qrng_drbg_state(void)
{
	return READ_ONCE(drbg.state);
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
 * qrng_drbg_look() - read state and counters
 * @info: filled in; @reseed_age_ms is 0 before the first seed
 */
void qrng_drbg_look(struct qrng_drbg_info *info)
{
	mutex_lock(&drbg.lock);
	info->state = drbg.state;
	info->cipher = drbg.root.type->name;
	info->generation = drbg.root.generation;
	info->reseed_age_ms =
		info->generation ? jiffies64_to_msecs(get_jiffies_64() - drbg.reseeded) : 0;
	info->seed_bytes = drbg.seed_bytes;
	mutex_unlock(&drbg.lock);
	info->output_bytes = qrng_child_output();
	info->open_files = qrng_child_count();
}

/** qrng_drbg_init() - make the root generator; it has no seed yet */
void qrng_drbg_init(void)
{
	qrng_generator_init(&drbg.root, &qrng_generator_chacha20, &drbg.ctx);
	qrng_pool_init(&drbg.pool);
}

/** qrng_drbg_exit() - wipe the root generator; no source and no open file is left */
void qrng_drbg_exit(void)
{
	cancel_delayed_work_sync(&drbg.work);
	qrng_generator_wipe(&drbg.root);
	qrng_pool_wipe(&drbg.pool);
}
