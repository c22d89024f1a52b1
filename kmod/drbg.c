// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/workqueue.h>

#include "drbg.h"
#include "host.h"
#include "source.h"

/* A generator in use is reseeded this often, as the kernel's own is. */
#define RESEED_INTERVAL		(60 * HZ)

/* A seed must be worth the generator's key, at the sources' own claims. */
#define SEED_BITS		(8 * QRNG_KEY_SIZE)

/* Enough for one source at the lowest claim there is. */
#define SEED_BYTES_MAX		(SEED_BITS * 1024 / 8 / QRNG_QUALITY_MIN)
#define SEED_BYTES_MIN		64

DECLARE_WAIT_QUEUE_HEAD(qrng_drbg_wait);

static void reseed_work(struct work_struct *work);

/*
 * @lock guards all but the percpu counter; state and root.generation are also
 * read without it. It is taken before qrng_sources_lock.
 */
static struct {
	struct mutex lock;
	enum qrng_drbg_state state;
	struct qrng_generator root;
	struct qrng_host_ctx ctx;
	unsigned long reseeded;
	u64 seed_bytes;
	struct work_struct work;
	atomic_t open_files;
} drbg = {
	.lock = __MUTEX_INITIALIZER(drbg.lock),
	.state = QRNG_DRBG_NO_SOURCE,
	.work = __WORK_INITIALIZER(drbg.work, reseed_work),
};

static DEFINE_PER_CPU(u64, output_bytes);

/* Return: the min-entropy the source's driver claims for what was mixed in, in bits. */
static u32 mix_source(struct qrng_source *source)
{
	u32 want = max_t(u32, DIV_ROUND_UP(SEED_BITS * 1024 / 8, source->quality), SEED_BYTES_MIN);
	u8 noise[SEED_BYTES_MAX];
	size_t got;

	if (qrng_source_state(source) != QRNG_SOURCE_HEALTHY)
		return 0;
	got = qrng_source_take(source, noise, min_t(u32, want, sizeof(noise)));
	qrng_generator_reseed(&drbg.root, noise, got, drbg.root.generation);
	memzero_explicit(noise, sizeof(noise));
	drbg.seed_bytes += got;
	return got * 8 * source->quality / 1024;
}

static u32 mix_sources(void)
{
	struct qrng_source *source;
	u32 bits = 0;

	mutex_lock(&qrng_sources_lock);
	list_for_each_entry(source, &qrng_sources, node)
		bits += mix_source(source);
	mutex_unlock(&qrng_sources_lock);
	return bits;
}

/*
 * Every reseed brings the kernel's own randomness along: a source that lies can
 * not make the output worse than /dev/urandom. Return: did the sources give a
 * seed's worth? If not, what came is mixed in but counts for nothing.
 */
static bool drbg_reseed(void)
{
	u8 kernel[QRNG_KEY_SIZE];

	if (mix_sources() < SEED_BITS)
		return false;
	get_random_bytes(kernel, sizeof(kernel));
	qrng_generator_reseed(&drbg.root, kernel, sizeof(kernel), drbg.root.generation + 1);
	memzero_explicit(kernel, sizeof(kernel));
	drbg.reseeded = jiffies;
	return true;
}

static void reseed_work(struct work_struct *work)
{
	mutex_lock(&drbg.lock);
	if (drbg.state == QRNG_DRBG_READY)
		drbg_reseed();
	mutex_unlock(&drbg.lock);
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
	/* Coming back from a gap in health takes a fresh seed. */
	if (healthy && (drbg.state == QRNG_DRBG_READY || drbg_reseed()))
		return QRNG_DRBG_READY;
	return drbg.root.generation ? QRNG_DRBG_STALLED : QRNG_DRBG_UNSEEDED;
}

/**
 * qrng_drbg_sources_changed() - take note of a source's new state
 *
 * Context: process context, sleeps; called without locks.
 */
void qrng_drbg_sources_changed(void)
{
	mutex_lock(&drbg.lock);
	WRITE_ONCE(drbg.state, drbg_judge());
	mutex_unlock(&drbg.lock);
	wake_up_all(&qrng_drbg_wait);
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
 * qrng_drbg_open() - make a child generator; seeded when first drawn from
 * @child: the generator
 */
void qrng_drbg_open(struct qrng_drbg_child *child)
{
	qrng_generator_init(&child->generator, drbg.root.type, &child->ctx);
	atomic_inc(&drbg.open_files);
}

/**
 * qrng_drbg_release() - wipe a child generator
 * @child: a generator after qrng_drbg_open()
 */
void qrng_drbg_release(struct qrng_drbg_child *child)
{
	qrng_generator_wipe(&child->generator);
	atomic_dec(&drbg.open_files);
}

/* The one place where two readers meet, and only after a reseed. */
static bool child_renew(struct qrng_generator *child)
{
	bool renewed;

	mutex_lock(&drbg.lock);
	renewed = qrng_generator_derive(&drbg.root, child);
	mutex_unlock(&drbg.lock);
	return renewed;
}

/**
 * qrng_drbg_draw() - hand out bytes of a child generator
 * @child: the generator; the caller serialises the calls on it
 * @out: where the bytes go
 * @len: how many
 *
 * Renews the child first if the root was reseeded, or the child's type wants a new
 * seed, and asks for a reseed if that is
 * due; the drawing does not wait for it.
 *
 * Context: process context, may sleep.
 * Return: 0; -EAGAIN when there was no seed yet, which READY rules out.
 */
int qrng_drbg_draw(struct qrng_drbg_child *child, u8 *out, size_t len)
{
	struct qrng_generator *generator = &child->generator;
	bool current_seed = generator->generation == READ_ONCE(drbg.root.generation);

	if (time_after(jiffies, READ_ONCE(drbg.reseeded) + RESEED_INTERVAL))
		schedule_work(&drbg.work);
	if (!(current_seed && qrng_generator_draw(generator, out, len)) &&
	    !(child_renew(generator) && qrng_generator_draw(generator, out, len)))
		return -EAGAIN;
	this_cpu_add(output_bytes, len);
	return 0;
}

static u64 output_sum(void)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(output_bytes, cpu);
	return sum;
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
	info->reseed_age_ms = info->generation ? jiffies_to_msecs(jiffies - drbg.reseeded) : 0;
	info->seed_bytes = drbg.seed_bytes;
	mutex_unlock(&drbg.lock);
	info->output_bytes = output_sum();
	info->open_files = atomic_read(&drbg.open_files);
}

/** qrng_drbg_init() - make the root generator; it has no seed yet */
void qrng_drbg_init(void)
{
	qrng_generator_init(&drbg.root, &qrng_generator_chacha20, &drbg.ctx);
}

/** qrng_drbg_exit() - wipe the root generator; no source and no open file is left */
void qrng_drbg_exit(void)
{
	cancel_work_sync(&drbg.work);
	qrng_generator_wipe(&drbg.root);
}
