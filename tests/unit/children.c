// SPDX-License-Identifier: MIT
/* Children of one root beside each other: what one says or suffers is nothing to another. */
#include "suite.h"

#include "../../kmod/core/generator.h"
#include "host.h"

#define CHILDREN	8
#define DRAWS		1000000	/* of all of them */
#define PER_CHILD	(DRAWS / CHILDREN)
#define LENGTH		8	/* bytes of a draw */
#define TAPE		((size_t)PER_CHILD * LENGTH)

/* A generator and all the memory that belongs to it. */
struct subject {
	struct qrng_generator generator;
	struct host_ctx ctx;
};

static const char seed[] = "forty-eight bytes of a seed that everybody knows.";

static const struct qrng_generator_type *type;
static struct subject root, children[CHILDREN];

static int make_family(void **state)
{
	int i;

	type = *state;
	memset(&root, 0, sizeof(root));
	memset(children, 0, sizeof(children));
	qrng_generator_init(&root.generator, type, &root.ctx);
	qrng_generator_reseed(&root.generator, seed, sizeof(seed), 1);
	for (i = 0; i < CHILDREN; i++) {
		qrng_generator_init(&children[i].generator, type, &children[i].ctx);
		if (!qrng_generator_derive(&root.generator, &children[i].generator))
			return -1;
	}
	return 0;
}

/* In turn, as many consumers would; now and then the root is reseeded, and they follow. */
static void draw_tapes(u8 *tapes)
{
	size_t turn, i;

	for (turn = 0; turn < PER_CHILD; turn++) {
		if (turn % 1000 == 999)
			qrng_generator_reseed(&root.generator, seed, sizeof(seed), turn);
		for (i = 0; i < CHILDREN; i++) {
			if (children[i].generator.generation != root.generator.generation)
				assert_true(qrng_generator_derive(&root.generator,
								  &children[i].generator));
			assert_true(qrng_generator_draw(&children[i].generator,
							tapes + i * TAPE + turn * LENGTH, LENGTH));
		}
	}
}

static u32 count_equal(const u8 *a, const u8 *b, u32 *longest)
{
	u32 equal = 0, run = 0;
	size_t i;

	for (i = 0; i < TAPE; i++) {
		run = a[i] == b[i] ? run + 1 : 0;
		equal += !!run;
		*longest = run > *longest ? run : *longest;
	}
	return equal;
}

/*
 * Of 28 pairs x 10^6 places, 1 in 256 is equal by chance: 109375 with a deviation of 330.
 * Six deviations happen once in 5 x 10^8 such tests, six equal ones in a row once in 10^7.
 */
static void siblings_agree_no_more_than_by_chance(void **state)
{
	const double places = CHILDREN * (CHILDREN - 1) * 0.5 * TAPE, mean = places / 256;
	u8 *tapes = malloc(CHILDREN * TAPE);
	u32 equal = 0, longest = 0;
	size_t i, k;

	(void)state;
	assert_non_null(tapes);
	draw_tapes(tapes);
	for (i = 0; i < CHILDREN; i++)
		for (k = 0; k < i; k++)
			equal += count_equal(tapes + i * TAPE, tapes + k * TAPE, &longest);
	free(tapes);
	diag("%s: %u of %.0f places equal, expected %.0f; at most %u in a row\n", type->name, equal,
	     places, mean, longest);
	/* Six deviations, squared. */
	assert_true((equal - mean) * (equal - mean) < 36 * mean);
	assert_true(longest < 6);
}

/* All but @but, which may be none of them. */
static void assert_untouched(const struct subject before[CHILDREN], int but)
{
	int i;

	for (i = 0; i < CHILDREN; i++)
		if (i != but)
			assert_memory_equal(&children[i], &before[i], sizeof(before[i]));
}

static void nothing_done_to_one_touches_another(void **state)
{
	struct subject before[CHILDREN], old_root;
	u8 out[5000];
	int i;

	(void)state;
	for (i = 0; i < CHILDREN; i++) {
		memcpy(before, children, sizeof(before));
		memcpy(&old_root, &root, sizeof(root));
		assert_true(qrng_generator_draw(&children[i].generator, out, 100 + i));
		assert_true(qrng_generator_draw(&children[i].generator, out, sizeof(out)));
		qrng_generator_reseed(&children[i].generator, "its own", 7, 2);
		assert_true(qrng_generator_draw(&children[i].generator, out, 1));
		assert_memory_equal(&root, &old_root, sizeof(root));
		assert_untouched(before, i);
		assert_true(qrng_generator_derive(&root.generator, &children[i].generator));
		assert_untouched(before, i);
		/* What the root suffers reaches a child only when the child asks. */
		memcpy(before, children, sizeof(before));
		qrng_generator_reseed(&root.generator, seed, sizeof(seed), 3 + i);
		assert_true(qrng_generator_draw(&root.generator, out, sizeof(out)));
		assert_untouched(before, CHILDREN);
		qrng_generator_wipe(&children[i].generator);
		assert_untouched(before, i);
		memcpy(&children[i], &before[i], sizeof(before[i]));
	}
}

#define ONE(test, of)                                                                              \
	{ #test " (" #of ")", test, make_family, NULL, (void *)&qrng_generator_##of }
#define EACH(test)                                                                                 \
	ONE(test, chacha20), ONE(test, aes256_ctr), ONE(test, ctr_drbg), ONE(test, fortuna)

static const struct CMUnitTest tests[] = {
	EACH(siblings_agree_no_more_than_by_chance),
	EACH(nothing_done_to_one_touches_another),
};

SUITE(tests)
