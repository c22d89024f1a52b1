// SPDX-License-Identifier: MIT
/* The accumulator at its edges; tests/core/fortuna.c has its vectors and its turns. */
#include "suite.h"

#include "../../kmod/core/pool.h"
#include "host.h"

static const u8 host_bytes[QRNG_KEY_SIZE] = "32 bytes of the host's own, ok?";

/* Bytes that count up, the same in each run. */
static void add_counting(struct qrng_pool *pool, u8 source, size_t start, size_t len)
{
	u8 noise[4096];
	size_t i;

	for (i = 0; i < len; i++)
		noise[i] = (start + i) % 251;
	qrng_pool_add(pool, source, noise, len, 768);
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

/* The seed must differ from one without the forfeited noise: it stays mixed in. */
static void what_is_forfeited_counts_for_nothing(void **state)
{
	struct qrng_pool_seed seed, without;
	struct qrng_pool pool;
	u32 i;

	(void)state;
	qrng_pool_init(&pool);
	add_counting(&pool, 0, 7, 32 * QRNG_POOLS * 3);
	assert_int_equal(qrng_pool_credit_of(&pool, QRNG_POOLS - 1), 256);
	qrng_pool_forfeit(&pool);
	for (i = 0; i < QRNG_POOLS; i++)
		assert_int_equal(qrng_pool_credit_of(&pool, i), 0);
	assert_int_equal(qrng_pool_credit(&pool), 0);
	assert_false(qrng_pool_reseed(&pool, 1000, host_bytes, &seed));
	add_counting(&pool, 0, 9, 32 * (QRNG_POOLS + 1));
	assert_int_equal(qrng_pool_credit(&pool), 256);
	assert_true(qrng_pool_reseed(&pool, 1000, host_bytes, &seed));
	qrng_pool_wipe(&pool);
	qrng_pool_init(&pool);
	add_counting(&pool, 0, 9, 32 * (QRNG_POOLS + 1));
	assert_true(qrng_pool_reseed(&pool, 1000, host_bytes, &without));
	assert_memory_not_equal(seed.bytes, without.bytes, QRNG_DIGEST_SIZE);
	qrng_pool_wipe(&pool);
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
	cmocka_unit_test(a_reseed_needs_64_bytes_and_100_ms),
	cmocka_unit_test(events_are_spread_in_turn),
	cmocka_unit_test(small_claims_add_up),
	cmocka_unit_test(source_and_length_are_part_of_an_event),
	cmocka_unit_test(what_is_forfeited_counts_for_nothing),
	cmocka_unit_test(a_wipe_leaves_zeroes),
};

SUITE(tests)
