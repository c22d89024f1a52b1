// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/string.h>

#include "accumulator.h"
#include "source.h"

/* A seed must be worth the generator's key, at the sources' own claims. */
#define SEED_BITS	(8 * QRNG_KEY_SIZE)

/* What is asked of a source at a time: an event for each pool. */
#define GATHER_BYTES	(QRNG_POOLS * QRNG_POOL_EVENT_MAX)

/*
 * @noise is here because it is too large for a stack; it holds zeroes between calls.
 * @bytes counts what ever went in.
 */
static struct {
	struct qrng_pool pool;
	u8 noise[GATHER_BYTES];
	u64 bytes;
} accumulator;

static size_t gather_source(struct qrng_source *source)
{
	size_t got;

	if (qrng_source_state(source) != QRNG_SOURCE_HEALTHY)
		return 0;
	got = qrng_source_take(source, accumulator.noise, sizeof(accumulator.noise));
	qrng_pool_add(&accumulator.pool, source->number, accumulator.noise, got,
		      source->quality);
	memzero_explicit(accumulator.noise, got);
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
	accumulator.bytes += got;
	return got;
}

static bool filled(void)
{
	return accumulator.pool.fill >= QRNG_POOL_FILL_MIN &&
	       qrng_pool_credit(&accumulator.pool) >= SEED_BITS;
}

/**
 * qrng_accumulator_take() - gather what the next seed lacks, and take it
 * @seed: filled in; the caller wipes it
 *
 * Every seed brings the kernel's own randomness along: a source that lies can not
 * make the output worse than /dev/urandom.
 *
 * Context: process context, sleeps; takes qrng_sources_lock.
 * Return: 0; -EAGAIN when the sources have not given enough (what they gave is kept in
 * the pools), or when the last seed was taken less than 100 ms ago.
 */
int qrng_accumulator_take(struct qrng_pool_seed *seed)
{
	u64 now_ms = ktime_to_ms(ktime_get_boottime());
	u8 kernel[QRNG_KEY_SIZE];
	bool taken;

	while (!filled())
		if (!gather_sources())
			return -EAGAIN;
	get_random_bytes(kernel, sizeof(kernel));
	taken = qrng_pool_reseed(&accumulator.pool, now_ms, kernel, seed);
	memzero_explicit(kernel, sizeof(kernel));
	return taken ? 0 : -EAGAIN;
}

/** qrng_accumulator_forfeit() - what was gathered so far may exist twice: credit nothing */
void qrng_accumulator_forfeit(void)
{
	qrng_pool_forfeit(&accumulator.pool);
}

/** qrng_accumulator_reseeds() - seeds taken so far */
u64 qrng_accumulator_reseeds(void)
{
	return accumulator.pool.reseeds;
}

/** qrng_accumulator_bytes() - tested noise gathered so far */
u64 qrng_accumulator_bytes(void)
{
	return accumulator.bytes;
}

/**
 * qrng_accumulator_look() - read what is in the pools
 * @info: filled in
 */
void qrng_accumulator_look(struct qrng_pool_info *info)
{
	u32 i;

	info->fill = accumulator.pool.fill;
	info->credit = qrng_pool_credit(&accumulator.pool);
	info->reseeds = accumulator.pool.reseeds;
	for (i = 0; i < QRNG_POOLS; i++)
		info->credits[i] = qrng_pool_credit_of(&accumulator.pool, i);
}

/** qrng_accumulator_init() - make the pools, empty */
void qrng_accumulator_init(void)
{
	qrng_pool_init(&accumulator.pool);
}

/** qrng_accumulator_exit() - wipe the pools */
void qrng_accumulator_exit(void)
{
	qrng_pool_wipe(&accumulator.pool);
}
