// SPDX-License-Identifier: MIT
/* Fortuna's generator and pools against answers that tests/unit/vectors.py computes. */
#include "../../kmod/core/fortuna.h"
#include "../../kmod/core/pool.h"
#include "../../kmod/core/sha256.h"
#include "../unit/vectors.h"
#include "cases.h"

#define LARGEST 5000 /* bytes of a draw */
#define RESEEDS 70

static const u8 host_bytes[QRNG_KEY_SIZE] = "32 bytes of the host's own, ok?";

/* Static, for a kernel's stack has no room. */
static struct qrng_pool pool;
static struct qrng_pool_seed seed;

/* As counting() of vectors.py. */
static void count_up(u8 *bytes, u32 start, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		bytes[i] = (start + i) % 251;
}

void case_fortuna_generator(struct qrng_case *c)
{
	static const u32 sizes[] = { 0, 1, 15, 17, 33, 4000, 16 };
	static u8 out[LARGEST];
	struct qrng_fortuna fortuna = { .counter = { 0 } };
	u8 digest[QRNG_DIGEST_SIZE];
	struct qrng_hash tape;
	u32 i;

	qrng_fortuna_reseed(&fortuna, c->ctx[0], "Hello", 5);
	for (i = 0; i < 2; i++) {
		EXPECT(c, qrng_fortuna_generate(&fortuna, c->ctx[0], out, 32));
		EXPECT_BYTES(c, out, fortuna_hello + 32 * i, 32);
	}
	count_up(out, 0, 100);
	qrng_fortuna_reseed(&fortuna, c->ctx[0], out, 100);
	qrng_host.sha256_init(&tape);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT(c, qrng_fortuna_generate(&fortuna, c->ctx[0], out, sizes[i]));
		qrng_host.sha256_update(&tape, out, sizes[i]);
	}
	qrng_host.sha256_final(&tape, digest);
	EXPECT_BYTES(c, digest, fortuna_tape_digest, sizeof(digest));
	EXPECT(c, qrng_fortuna_generate(&fortuna, c->ctx[0], out, LARGEST));
	EXPECT(c, qrng_fortuna_generate(&fortuna, c->ctx[0], out, 48));
	EXPECT_BYTES(c, out, fortuna_after_carry, 48);
}

void case_fortuna_keeps_its_limits(struct qrng_case *c)
{
	static u8 out[QRNG_FORTUNA_REQUEST_MAX + 1];
	struct qrng_fortuna fortuna = { .counter = { 0 } };

	EXPECT(c, !qrng_fortuna_generate(&fortuna, c->ctx[0], out, 1));
	qrng_fortuna_reseed(&fortuna, c->ctx[0], "Hello", 5);
	EXPECT(c, !qrng_fortuna_generate(&fortuna, c->ctx[0], out, sizeof(out)));
	EXPECT(c, qrng_fortuna_generate(&fortuna, c->ctx[0], out, sizeof(out) - 1));
}

static void add_counting(u8 source, u32 start, u32 len)
{
	static u8 noise[4096];

	count_up(noise, start, len);
	qrng_pool_add(&pool, source, noise, len, 768);
}

void case_fortuna_pools(struct qrng_case *c)
{
	u8 digest[QRNG_DIGEST_SIZE];
	struct qrng_hash all;
	u32 turn;

	qrng_pool_init(&pool);
	qrng_host.sha256_init(&all);
	for (turn = 0; turn < RESEEDS; turn++) {
		add_counting(0, turn, 2048 + turn);
		add_counting(7, 100 + turn, turn % 40);
		EXPECT(c, qrng_pool_reseed(&pool, 100 * turn, host_bytes, &seed));
		qrng_host.sha256_update(&all, seed.bytes, seed.len - QRNG_KEY_SIZE);
		if (turn == 0)
			EXPECT_BYTES(c, seed.bytes, pool_seed_1, sizeof(pool_seed_1));
		if (turn == 1)
			EXPECT_BYTES(c, seed.bytes, pool_seed_2, sizeof(pool_seed_2));
		if (turn == 3)
			EXPECT_BYTES(c, seed.bytes, pool_seed_4, sizeof(pool_seed_4));
	}
	qrng_host.sha256_final(&all, digest);
	EXPECT_BYTES(c, digest, pool_seeds_digest, sizeof(digest));
	qrng_pool_wipe(&pool);
}

/* How many pools take part in reseed @reseed: pool i does iff 2^i divides it. */
static u32 taking_part(u64 reseed)
{
	u32 pools = 1;

	while (pools < QRNG_POOLS && reseed % (1ull << pools) == 0)
		pools++;
	return pools;
}

void case_pool_takes_turns(struct qrng_case *c)
{
	u64 reseed;
	u32 pools;

	qrng_pool_init(&pool);
	for (reseed = 1; reseed <= 300; reseed++) {
		pools = taking_part(reseed);
		add_counting(0, reseed, 2048);
		EXPECT(c, qrng_pool_reseed(&pool, 100 * reseed, host_bytes, &seed));
		EXPECT(c, seed.len == pools * QRNG_DIGEST_SIZE + QRNG_KEY_SIZE);
		EXPECT(c, !memcmp(seed.bytes + pools * QRNG_DIGEST_SIZE, host_bytes,
				  sizeof(host_bytes)));
	}
	/* At last, all of them. */
	pool.reseeds = 0xffffffff;
	add_counting(0, 0, 2048);
	EXPECT(c, qrng_pool_reseed(&pool, 1000000, host_bytes, &seed));
	EXPECT(c, seed.len == sizeof(seed.bytes));
	qrng_pool_wipe(&pool);
}

void case_pool_waits_for_bytes_and_time(struct qrng_case *c)
{
	qrng_pool_init(&pool);
	EXPECT(c, !qrng_pool_ready(&pool, 0));
	/* Each 32 events are one round: two rounds bring pool 0 its 64 bytes. */
	add_counting(1, 0, 32 * QRNG_POOLS + 31);
	EXPECT(c, pool.fill == QRNG_POOL_FILL_MIN - 1 && !qrng_pool_ready(&pool, 1000));
	add_counting(2, 0, 1);
	EXPECT(c, qrng_pool_ready(&pool, 0));
	EXPECT(c, qrng_pool_reseed(&pool, 5000, host_bytes, &seed));
	add_counting(1, 0, 4096);
	EXPECT(c, !qrng_pool_reseed(&pool, 5000 + QRNG_POOL_INTERVAL_MS - 1, host_bytes, &seed));
	EXPECT(c, pool.reseeds == 1);
	EXPECT(c, qrng_pool_reseed(&pool, 5000 + QRNG_POOL_INTERVAL_MS, host_bytes, &seed));
	qrng_pool_wipe(&pool);
}

void case_pool_credits_once_and_no_more_than_a_digest(struct qrng_case *c)
{
	qrng_pool_init(&pool);
	EXPECT(c, qrng_pool_credit(&pool) == 0);
	/* 64 bytes at 6 bits in each pool, but a digest carries 256 bits. */
	add_counting(0, 0, 64 * QRNG_POOLS);
	EXPECT(c, qrng_pool_credit(&pool) == 256);
	EXPECT(c, qrng_pool_reseed(&pool, 0, host_bytes, &seed) && seed.credit == 256);
	/* Pools 0 and 1 are next: nothing in the one, all of it in the other. */
	EXPECT(c, qrng_pool_credit(&pool) == 256);
	add_counting(0, 0, 7);
	EXPECT(c, qrng_pool_credit(&pool) == 256 + 7 * 6);
	qrng_pool_wipe(&pool);
}
