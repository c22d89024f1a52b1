/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The accumulator of Ferguson and Schneier's Fortuna (Practical Cryptography, 10.5):
 * noise is spread over 32 pools, and pool i takes part in every 2^i-th reseed. However
 * much of the noise an attacker knows or makes, some pool gathers enough of the rest
 * before it is used: nobody has to be right about its entropy.
 *
 * No locks: the owner serialises the calls on one pool.
 */
#ifndef _QRNG_CORE_POOL_H
#define _QRNG_CORE_POOL_H

#include "host.h"

#define QRNG_POOLS		32
#define QRNG_POOL_SOURCES	256
#define QRNG_POOL_EVENT_MAX	32	/* bytes */
#define QRNG_POOL_FILL_MIN	64	/* bytes of noise in pool 0 */
#define QRNG_POOL_INTERVAL_MS	100	/* between two reseeds */

/**
 * struct qrng_pool - the accumulator
 * @hashes: each pool, as a hash under way
 * @credits: min-entropy claimed for what is in each, in units of 1/128 bit
 * @fill: bytes of noise in pool 0
 * @reseeds: how many there were
 * @reseeded_ms: when the last of them was
 * @turns: for each source, the pool its next event goes to
 */
struct qrng_pool {
	struct qrng_hash hashes[QRNG_POOLS];
	u64 credits[QRNG_POOLS];
	u64 fill;
	u64 reseeds;
	u64 reseeded_ms;
	u8 turns[QRNG_POOL_SOURCES];
};

/**
 * struct qrng_pool_seed - what a reseed gives to the root generator
 * @bytes: digests of the pools that took part, and the host's own randomness
 * @len: bytes of it
 * @credit: min-entropy claimed for the digests, in bits
 */
struct qrng_pool_seed {
	u8 bytes[QRNG_POOLS * QRNG_DIGEST_SIZE + QRNG_KEY_SIZE];
	u32 len;
	u32 credit;
};

void qrng_pool_init(struct qrng_pool *pool);
void qrng_pool_add(struct qrng_pool *pool, u8 source, const u8 *noise, size_t len, u32 quality);
bool qrng_pool_ready(const struct qrng_pool *pool, u64 now_ms);
u32 qrng_pool_credit_of(const struct qrng_pool *pool, u32 i);
u32 qrng_pool_credit(const struct qrng_pool *pool);
bool qrng_pool_reseed(struct qrng_pool *pool, u64 now_ms, const u8 host[QRNG_KEY_SIZE],
		      struct qrng_pool_seed *seed);
void qrng_pool_forfeit(struct qrng_pool *pool);
void qrng_pool_wipe(struct qrng_pool *pool);

#endif /* _QRNG_CORE_POOL_H */
