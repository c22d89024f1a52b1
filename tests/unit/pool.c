// SPDX-License-Identifier: MIT
#include "suite.h"

#include "../../kmod/core/pool.h"
#include "../../kmod/core/sha256.h"
#include "host.h"
#include "vectors.h"

static const u8 host_bytes[QRNG_KEY_SIZE] = "32 bytes of the host's own, ok?";

/* As counting() of vectors.py. */
static void add_counting(struct qrng_pool *pool, u8 source, size_t start, size_t len)
{
	u8 noise[4096];
	size_t i;

	for (i = 0; i < len; i++)
		noise[i] = (start + i) % 251;
	qrng_pool_add(pool, source, noise, len, 768);
}

/* The pools of vectors.py, over 70 reseeds with two sources. */
static void seeds_are_those_of_the_vectors(void **state)
{
	struct qrng_pool_seed seed;
	struct qrng_pool pool;
	struct qrng_hash all;
	u8 digest[QRNG_DIGEST_SIZE];
	u32 turn;

	(void)state;
	qrng_pool_init(&pool);
	qrng_host.sha256_init(&all);
	for (turn = 0; turn < 70; turn++) {
		add_counting(&pool, 0, turn, 2048 + turn);
		add_counting(&pool, 7, 100 + turn, turn % 40);
		assert_true(qrng_pool_reseed(&pool, 100 * turn, host_bytes, &seed));
		qrng_host.sha256_update(&all, seed.bytes, seed.len - QRNG_KEY_SIZE);
		if (turn == 0)
			assert_memory_equal(seed.bytes, pool_seed_1, sizeof(pool_seed_1));
		if (turn == 1)
			assert_memory_equal(seed.bytes, pool_seed_2, sizeof(pool_seed_2));
		if (turn == 3)
			assert_memory_equal(seed.bytes, pool_seed_4, sizeof(pool_seed_4));
	}
	qrng_host.sha256_final(&all, digest);
	assert_memory_equal(digest, pool_seeds_digest, sizeof(digest));
	qrng_pool_wipe(&pool);
}

static void pool_i_joins_every_2_to_the_i_th(void **state)
{
	struct qrng_pool_seed seed;
	struct qrng_pool pool;
	u64 reseed;
	u32 pools;

	(void)state;
	qrng_pool_init(&pool);
	for (reseed = 1; reseed <= 300; reseed++) {
		for (pools = 1; pools < 32 && reseed % (1u << pools) == 0; pools++)
			;
		add_counting(&pool, 0, reseed, 2048);
		assert_true(qrng_pool_reseed(&pool, 100 * reseed, host_bytes, &seed));
		assert_int_equal(seed.len, pools * 32 + 32);
		assert_memory_equal(seed.bytes + 32 * pools, host_bytes, 32);
	}
	/* At last, all of them. */
	pool.reseeds = 0xffffffff;
	add_counting(&pool, 0, 0, 2048);
	assert_true(qrng_pool_reseed(&pool, 1000000, host_bytes, &seed));
	assert_int_equal(seed.len, sizeof(seed.bytes));
	qrng_pool_wipe(&pool);
}

static void a_reseed_needs_64_bytes_and_100_ms(void **state)
{
	struct qrng_pool_seed seed;
	struct qrng_pool pool;
	u32 i;

	(void)state;
	qrng_pool_init(&pool);
	assert_false(qrng_pool_reseed(&pool, 0, host_bytes, &seed));
	/* 32 events of 32 bytes: one in pool 0; then 31 bytes more in it. */
	add_counting(&pool, 1, 0, 32 * 32 + 31);
	assert_int_equal(pool.fill, 63);
	assert_false(qrng_pool_ready(&pool, 1000));
	for (i = 0; i < 31; i++)
		add_counting(&pool, 1, 0, 1);
	assert_false(qrng_pool_ready(&pool, 1000));
	add_counting(&pool, 1, 0, 1);
	assert_true(qrng_pool_ready(&pool, 0));
	assert_true(qrng_pool_reseed(&pool, 5000, host_bytes, &seed));
	assert_false(qrng_pool_ready(&pool, 9000));
	add_counting(&pool, 1, 0, 4096);
	assert_false(qrng_pool_ready(&pool, 5000));
	assert_false(qrng_pool_reseed(&pool, 5099, host_bytes, &seed));
	assert_int_equal(pool.reseeds, 1);
	assert_true(qrng_pool_reseed(&pool, 5100, host_bytes, &seed));
	qrng_pool_wipe(&pool);
}

static void events_are_spread_in_turn(void **state)
{
	struct qrng_pool pool;
	u32 i;

	(void)state;
	qrng_pool_init(&pool);
	/* Each event is worth 32 x 6 bits; sources do not get into each other's way. */
	add_counting(&pool, 3, 0, 32 * 40);
	add_counting(&pool, 9, 0, 32 * 10);
	for (i = 0; i < QRNG_POOLS; i++)
		assert_int_equal(pool.credits[i],
				 (1 + (i < 8) + (i < 10)) * 32 * 768);
	assert_int_equal(pool.turns[3], 8);
	assert_int_equal(pool.turns[9], 10);
	assert_int_equal(pool.turns[0], 0);
	qrng_pool_wipe(&pool);
}

static void credit_is_claimed_once_and_capped(void **state)
{
	struct qrng_pool_seed seed;
	struct qrng_pool pool;

	(void)state;
	qrng_pool_init(&pool);
	assert_int_equal(qrng_pool_credit(&pool), 0);
	add_counting(&pool, 0, 0, 32 * 64);
	/* 64 bytes at 6 bits in each pool, but a digest carries 256 bits. */
	assert_int_equal(qrng_pool_credit(&pool), 256);
	assert_true(qrng_pool_reseed(&pool, 0, host_bytes, &seed));
	assert_int_equal(seed.credit, 256);
	/* Now pools 0 and 1 are next: nothing in the one, all of it in the other. */
	assert_int_equal(qrng_pool_credit(&pool), 256);
	add_counting(&pool, 0, 0, 7);
	assert_int_equal(qrng_pool_credit(&pool), 256 + 42);
	qrng_pool_wipe(&pool);
}

static void small_claims_add_up(void **state)
{
	static const u8 noise[64];
	struct qrng_pool pool;
	u32 i;

	(void)state;
	qrng_pool_init(&pool);
	/* Half a bit a byte: a single byte is not worth a bit, two are. */
	for (i = 0; i < 32; i++)
		qrng_pool_add(&pool, 0, noise, 1, 64);
	assert_int_equal(qrng_pool_credit(&pool), 0);
	qrng_pool_add(&pool, 0, noise, 1, 64);
	assert_int_equal(qrng_pool_credit(&pool), 1);
	qrng_pool_add(&pool, 1, noise, 64, 0);
	assert_int_equal(qrng_pool_credit(&pool), 1);
	assert_int_equal(pool.fill, 2 + 32);
	qrng_pool_wipe(&pool);
}

static void source_and_length_are_part_of_an_event(void **state)
{
	u8 seeds[4][QRNG_DIGEST_SIZE];
	struct qrng_pool_seed seed;
	struct qrng_pool pool;
	u32 i, k;

	(void)state;
	for (i = 0; i < 4; i++) {
		qrng_pool_init(&pool);
		if (i == 0)
			add_counting(&pool, 0, 0, 32);
		if (i == 1)
			add_counting(&pool, 1, 0, 32);
		if (i == 2)
			add_counting(&pool, 0, 0, 31);
		pool.fill = 64;
		assert_true(qrng_pool_reseed(&pool, 0, host_bytes, &seed));
		memcpy(seeds[i], seed.bytes, sizeof(seeds[i]));
		qrng_pool_wipe(&pool);
		for (k = 0; k < i; k++)
			assert_memory_not_equal(seeds[i], seeds[k], sizeof(seeds[i]));
	}
}

static void a_wipe_leaves_zeroes(void **state)
{
	static const struct qrng_pool zeroes;
	struct qrng_pool pool;

	(void)state;
	qrng_pool_init(&pool);
	add_counting(&pool, 0, 0, 3000);
	qrng_pool_wipe(&pool);
	assert_memory_equal(&pool, &zeroes, sizeof(pool));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(seeds_are_those_of_the_vectors),
	cmocka_unit_test(pool_i_joins_every_2_to_the_i_th),
	cmocka_unit_test(a_reseed_needs_64_bytes_and_100_ms),
	cmocka_unit_test(events_are_spread_in_turn),
	cmocka_unit_test(credit_is_claimed_once_and_capped),
	cmocka_unit_test(small_claims_add_up),
	cmocka_unit_test(source_and_length_are_part_of_an_event),
	cmocka_unit_test(a_wipe_leaves_zeroes),
};

SUITE(tests)
