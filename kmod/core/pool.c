// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "pool.h"
#include "sha256.h"

#define CREDIT_UNIT	128			/* of a bit: quality / 128 is bits a byte */
#define CREDIT_MAX	(8 * QRNG_DIGEST_SIZE)	/* bits; a digest carries no more */

/* Does pool @i take part in reseed @reseed? Iff 2^i divides it. */
static bool takes_part(u32 i, u64 reseed)
{
	return !(reseed & ((1ull << i) - 1));
}

/* Source and length come first, so that no two rows of events look alike. */
static void add_event(struct qrng_pool *pool, u8 source, const u8 *noise, u8 len, u32 quality)
{
	const u8 header[] = { source, len };
	u8 i = pool->turns[source];

	qrng_host.sha256_update(&pool->hashes[i], header, sizeof(header));
	qrng_host.sha256_update(&pool->hashes[i], noise, len);
	pool->credits[i] += (u64)len * quality;
	if (!i)
		pool->fill += len;
	pool->turns[source] = (i + 1) % QRNG_POOLS;
}

/**
 * qrng_pool_init() - make an accumulator of empty pools
 * @pool: the accumulator; whatever it held is overwritten
 *
 * qrng_pool_wipe() is due before its memory is given away: a host may hold more.
 */
void qrng_pool_init(struct qrng_pool *pool)
{
	u32 i;

	memset(pool, 0, sizeof(*pool));
	for (i = 0; i < QRNG_POOLS; i++)
		qrng_host.sha256_init(&pool->hashes[i]);
}

/**
 * qrng_pool_add() - spread noise over the pools
 * @pool: the accumulator
 * @source: the source's number; each source has its turns for itself, so that none
 *	can choose where the noise of another goes
 * @noise: bytes that passed the health tests
 * @len: how many; every 32 of them are an event and go to the next pool
 * @quality: min-entropy claimed, bits in 1024 bits
 */
void qrng_pool_add(struct qrng_pool *pool, u8 source, const u8 *noise, size_t len, u32 quality)
{
	size_t part;

	for (; len; noise += part, len -= part) {
		part = len < QRNG_POOL_EVENT_MAX ? len : QRNG_POOL_EVENT_MAX;
		add_event(pool, source, noise, part, quality);
	}
}

/**
 * qrng_pool_ready() - may there be a reseed?
 * @pool: the accumulator
 * @now_ms: time on a clock that never goes back
 *
 * Return: true when pool 0 holds enough and the last reseed was long enough ago.
 */
bool qrng_pool_ready(const struct qrng_pool *pool, u64 now_ms)
{
	if (pool->fill < QRNG_POOL_FILL_MIN)
		return false;
	return !pool->reseeds || now_ms - pool->reseeded_ms >= QRNG_POOL_INTERVAL_MS;
}

/**
 * qrng_pool_credit_of() - what one pool is worth
 * @pool: the accumulator
 * @i: which
 *
 * Return: min-entropy in bits, at most 256, rounded down.
 */
u32 qrng_pool_credit_of(const struct qrng_pool *pool, u32 i)
{
	u64 limit = (u64)CREDIT_MAX * CREDIT_UNIT;

	return (pool->credits[i] < limit ? pool->credits[i] : limit) / CREDIT_UNIT;
}

/**
 * qrng_pool_credit() - what the next reseed would be worth
 * @pool: the accumulator
 *
 * Return: min-entropy in bits, at most 256 for each pool that would take part.
 */
u32 qrng_pool_credit(const struct qrng_pool *pool)
{
	u32 credit = 0, i;

	for (i = 0; i < QRNG_POOLS && takes_part(i, pool->reseeds + 1); i++)
		credit += qrng_pool_credit_of(pool, i);
	return credit;
}

/**
 * qrng_pool_reseed() - take a seed out of the pools whose turn it is
 * @pool: the accumulator
 * @now_ms: as for qrng_pool_ready()
 * @host: randomness of the host's own, which every seed carries along: whatever the
 *	sources gave, the result is no worse than this
 * @seed: filled in; the caller mixes it into the root and wipes it
 *
 * Return: false, and nothing has changed, unless qrng_pool_ready().
 */
bool qrng_pool_reseed(struct qrng_pool *pool, u64 now_ms, const u8 host[QRNG_KEY_SIZE],
		      struct qrng_pool_seed *seed)
{
	u32 i;

	if (!qrng_pool_ready(pool, now_ms))
		return false;
	seed->credit = qrng_pool_credit(pool);
	pool->reseeds++;
	for (i = 0; i < QRNG_POOLS && takes_part(i, pool->reseeds); i++) {
		qrng_sha256d_final(&pool->hashes[i], seed->bytes + i * QRNG_DIGEST_SIZE);
		qrng_host.sha256_init(&pool->hashes[i]);
		pool->credits[i] = 0;
	}
	memcpy(seed->bytes + i * QRNG_DIGEST_SIZE, host, QRNG_KEY_SIZE);
	seed->len = i * QRNG_DIGEST_SIZE + QRNG_KEY_SIZE;
	pool->fill = 0;
	pool->reseeded_ms = now_ms;
	return true;
}

/**
 * qrng_pool_forfeit() - credit nothing for what is in the pools
 * @pool: the accumulator; the noise in it stays mixed in, but somebody else may have it
 *	too
 */
void qrng_pool_forfeit(struct qrng_pool *pool)
{
	memset(pool->credits, 0, sizeof(pool->credits));
	pool->fill = 0;
}

/**
 * qrng_pool_wipe() - forget everything
 * @pool: the accumulator; qrng_pool_init() makes it usable again
 */
void qrng_pool_wipe(struct qrng_pool *pool)
{
	u8 digest[QRNG_DIGEST_SIZE];
	u32 i;

	for (i = 0; i < QRNG_POOLS; i++)
		qrng_host.sha256_final(&pool->hashes[i], digest);
	qrng_wipe(digest, sizeof(digest));
	qrng_wipe(pool, sizeof(*pool));
}
