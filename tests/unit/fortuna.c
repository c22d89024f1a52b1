// SPDX-License-Identifier: MIT
/* The generator at its edges; tests/core/fortuna.c has its vectors. */
#include "suite.h"

#include "../../kmod/core/fortuna.h"
#include "host.h"

static struct qrng_fortuna fortuna;
static struct host_ctx ctx;

static int start_anew(void **state)
{
	(void)state;
	memset(&fortuna, 0, sizeof(fortuna));
	qrng_fortuna_reseed(&fortuna, &ctx, "Hello", 5);
	return 0;
}

static void draw(u8 *out, size_t len)
{
	assert_true(qrng_fortuna_generate(&fortuna, &ctx, out, len));
}

static void without_a_seed_it_refuses(void **state)
{
	u8 out[4] = "not";

	(void)state;
	memset(&fortuna, 0, sizeof(fortuna));
	assert_false(qrng_fortuna_generate(&fortuna, &ctx, out, sizeof(out)));
	assert_string_equal(out, "not");
}

static void a_request_has_a_limit(void **state)
{
	const size_t limit = 1 << 20;
	u8 *out = calloc(1, limit + 1);
	struct qrng_fortuna before = fortuna;

	(void)state;
	assert_false(qrng_fortuna_generate(&fortuna, &ctx, out, limit + 1));
	assert_memory_equal(&fortuna, &before, sizeof(before));
	assert_int_equal(out[0] | out[limit], 0);
	draw(out, limit);
	assert_int_equal(out[limit], 0);
	free(out);
}

/* The counter says how many blocks were made: those of the output, and two for the key. */
static void every_request_changes_the_key(void **state)
{
	static const size_t sizes[] = { 0, 1, 16, 17 }, blocks[] = { 2, 3, 3, 4 };
	struct qrng_fortuna before;
	u8 out[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		before = fortuna;
		draw(out, sizes[i]);
		assert_memory_not_equal(before.key, fortuna.key, sizeof(before.key));
		assert_int_equal(fortuna.counter[0] - before.counter[0], blocks[i]);
		assert_memory_equal(ctx.key, fortuna.key, sizeof(ctx.key));
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(without_a_seed_it_refuses, start_anew),
	cmocka_unit_test_setup(a_request_has_a_limit, start_anew),
	cmocka_unit_test_setup(every_request_changes_the_key, start_anew),
};

SUITE(tests)
