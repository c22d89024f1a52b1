// SPDX-License-Identifier: MIT
#include "suite.h"

#include "../../kmod/core/generator.h"
#include "host.h"
#include "random.h"

#define STATE	QRNG_GENERATOR_STATE
#define WINDOW	16	/* bytes; equal by chance once in 2^128 */
#define CHILDREN 8
#define PER_CHILD 65536

static const char seed_a[] = "seed a: thirty-two bytes of it..", seed_b[] = "seed b";

static void seeded(struct qrng_generator *generator, const char *seed)
{
	qrng_generator_init(generator, &host_chacha20, NULL);
	qrng_generator_reseed(generator, seed, strlen(seed), 1);
}

/* The generator as its header promises it, all in one piece and without erasing. */
struct model {
	u8 key[QRNG_KEY_SIZE];
	u8 tape[STATE];
	size_t used;
};

static void model_reseed(struct model *model, const char *seed)
{
	char input[256] = "qrng reseed 1";
	size_t len = strlen(input) + 1;

	memcpy(input + len, model->key, sizeof(model->key));
	memcpy(input + len + sizeof(model->key), seed, strlen(seed));
	host_sha256(input, len + sizeof(model->key) + strlen(seed), model->key);
	model->used = STATE;
}

static void model_draw(struct model *model, u8 *out, size_t len)
{
	u8 *tape;
	size_t i;

	if (len >= STATE) {
		tape = malloc(QRNG_STREAM_UNIT + len);
		host_key_stream(model->key, 0, tape, QRNG_STREAM_UNIT + len);
		memcpy(model->key, tape, sizeof(model->key));
		memcpy(out, tape + QRNG_STREAM_UNIT, len);
		free(tape);
		return;
	}
	for (i = 0; i < len; i++) {
		if (model->used == STATE) {
			host_key_stream(model->key, 0, model->tape, STATE);
			memcpy(model->key, model->tape, sizeof(model->key));
			model->used = sizeof(model->key);
		}
		out[i] = model->tape[model->used++];
	}
}

static void draw_both(struct qrng_generator *generator, struct model *model, size_t len)
{
	/* Just as long as asked for: the sanitizer sees a byte too many. */
	u8 *got = malloc(len), *want = malloc(len);

	qrng_generator_draw(generator, got, len);
	model_draw(model, want, len);
	if (len)
		assert_memory_equal(got, want, len);
	free(got);
	free(want);
}

static void draws_are_those_of_the_model(void **state)
{
	static const size_t borders[] = {
		1, 31, 32, 33, 63, 64, 65, 0, STATE - 65, STATE - 33, STATE - 32, STATE - 31,
		STATE - 1, STATE, STATE + 1, 4096, 2 * STATE, 65537, 1 << 20, 1,
	};
	struct qrng_generator generator;
	struct model model = { 0 };
	uint64_t choice = 1;
	size_t i;

	(void)state;
	seeded(&generator, seed_a);
	model_reseed(&model, seed_a);
	for (i = 0; i < sizeof(borders) / sizeof(borders[0]); i++)
		draw_both(&generator, &model, borders[i]);
	for (i = 0; i < 3000; i++)
		draw_both(&generator, &model, random_below(&choice, i % 10 ? 200 : 3 * STATE));
	qrng_generator_reseed(&generator, seed_b, strlen(seed_b), 2);
	model_reseed(&model, seed_b);
	for (i = 0; i < 500; i++)
		draw_both(&generator, &model, random_below(&choice, 1000));
}

static int by_content(const void *a, const void *b)
{
	return memcmp(*(u8 *const *)a, *(u8 *const *)b, WINDOW);
}

/* Sorts a pointer to each window of @bytes and looks at neighbours. */
static void assert_no_window_twice(const u8 *bytes, size_t len)
{
	size_t count = len - WINDOW + 1, i, twice = 0;
	const u8 **windows = malloc(count * sizeof(*windows));

	for (i = 0; i < count; i++)
		windows[i] = bytes + i;
	qsort(windows, count, sizeof(*windows), by_content);
	for (i = 1; i < count; i++)
		twice += !memcmp(windows[i - 1], windows[i], WINDOW);
	free(windows);
	assert_int_equal(twice, 0);
}

/* Draws, small and large, until @len bytes are there; derived anew now and then. */
static void draw_child(struct qrng_generator *root, struct qrng_generator *child, u8 *to,
		       size_t len, uint64_t *choice)
{
	size_t part;

	for (; len; to += part, len -= part) {
		part = 1 + random_below(choice, random_below(choice, 20) ? 300 : 2 * STATE);
		if (part > len)
			part = len;
		qrng_generator_draw(child, to, part);
		if (!random_below(choice, 50))
			qrng_generator_derive(root, child);
	}
}

static void no_two_children_say_the_same(void **state)
{
	u8 *bytes = malloc((CHILDREN + 1) * PER_CHILD);
	struct qrng_generator root, child;
	uint64_t choice = 2;
	size_t i;

	(void)state;
	seeded(&root, seed_a);
	for (i = 0; i < CHILDREN; i++) {
		qrng_generator_init(&child, &host_chacha20, NULL);
		qrng_generator_derive(&root, &child);
		draw_child(&root, &child, bytes + i * PER_CHILD, PER_CHILD, &choice);
	}
	qrng_generator_draw(&root, bytes + i * PER_CHILD, PER_CHILD);
	assert_no_window_twice(bytes, (CHILDREN + 1) * PER_CHILD);
	free(bytes);
}

static bool finds(const u8 *in, size_t in_len, const u8 *out, size_t len)
{
	size_t at[] = { 0, len / 2 - WINDOW / 2, len - WINDOW }, i;

	for (i = 0; i < 3; i++)
		if (memmem(in, in_len, out + at[i], WINDOW))
			return true;
	return false;
}

/* Can a look at the generator bring @out back: as it is, or with any key in it? */
static bool reproduces(const struct qrng_generator *generator, const u8 *out, size_t len)
{
	const u8 *memory = (const u8 *)generator;
	size_t made = (len > STATE ? len : STATE) + QRNG_STREAM_UNIT, at;
	bool found = finds(memory, sizeof(*generator), out, len);
	u8 *stream = malloc(made);

	for (at = 0; !found && at + QRNG_KEY_SIZE <= sizeof(*generator); at++) {
		host_key_stream(memory + at, 0, stream, made);
		found = finds(stream, made, out, len);
	}
	free(stream);
	return found;
}

static void nothing_left_can_repeat_a_draw(void **state)
{
	static const size_t lengths[] = { 16, 32, 100, 3000, 2000, STATE - 1, STATE, 10000, 64 };
	struct qrng_generator generator, before;
	u8 out[10000];
	size_t i;

	(void)state;
	seeded(&generator, seed_a);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		before = generator;
		qrng_generator_draw(&generator, out, lengths[i]);
		/* The search is worth something: it finds the draw in what was before. */
		assert_true(reproduces(&before, out, lengths[i]));
		assert_false(reproduces(&generator, out, lengths[i]));
	}
}

static void nothing_left_can_repeat_a_child(void **state)
{
	struct qrng_generator root, before, child;
	u8 seed[QRNG_KEY_SIZE], out[64];

	(void)state;
	seeded(&root, seed_a);
	qrng_generator_draw(&root, out, sizeof(out));
	before = root;
	qrng_generator_init(&child, &host_chacha20, NULL);
	qrng_generator_derive(&root, &child);
	qrng_generator_draw(&before, seed, sizeof(seed));
	assert_false(reproduces(&root, seed, sizeof(seed)));
	assert_false(reproduces(&child, seed, sizeof(seed)));
}

static void assert_differ(struct qrng_generator *a, struct qrng_generator *b)
{
	u8 out[2][64];

	qrng_generator_draw(a, out[0], sizeof(out[0]));
	qrng_generator_draw(b, out[1], sizeof(out[1]));
	assert_memory_not_equal(out[0], out[1], sizeof(out[0]));
}

static void assert_alike(struct qrng_generator *a, struct qrng_generator *b)
{
	u8 out[2][64];

	qrng_generator_draw(a, out[0], sizeof(out[0]));
	qrng_generator_draw(b, out[1], sizeof(out[1]));
	assert_memory_equal(out[0], out[1], sizeof(out[0]));
}

static void a_reseed_mixes_old_key_and_seed(void **state)
{
	struct qrng_generator one, other;

	(void)state;
	seeded(&one, seed_a);
	other = one;
	qrng_generator_reseed(&one, "x", 1, 2);
	qrng_generator_reseed(&other, "x", 1, 2);
	assert_alike(&one, &other);
	qrng_generator_reseed(&one, "x", 1, 3);
	qrng_generator_reseed(&other, "y", 1, 3);
	assert_differ(&one, &other);
	/* Now the keys differ: the same seed must not make them meet again. */
	qrng_generator_reseed(&one, seed_b, sizeof(seed_b), 4);
	qrng_generator_reseed(&other, seed_b, sizeof(seed_b), 4);
	assert_differ(&one, &other);
	assert_int_equal(one.generation, 4);
	other = one;
	qrng_generator_reseed(&other, NULL, 0, 4);
	assert_differ(&one, &other);
}

static void a_reseed_drops_output_made_before(void **state)
{
	struct qrng_generator generator, before;
	u8 old[1000];

	(void)state;
	seeded(&generator, seed_a);
	qrng_generator_draw(&generator, old, 8);
	before = generator;
	qrng_generator_reseed(&generator, seed_b, sizeof(seed_b), 2);
	qrng_generator_draw(&before, old, sizeof(old));
	assert_false(finds((u8 *)&generator, sizeof(generator), old, sizeof(old)));
	assert_differ(&generator, &before);
}

static void a_child_keeps_its_earlier_worth(void **state)
{
	struct qrng_generator root, twin, child, other;

	(void)state;
	seeded(&root, seed_a);
	root.generation = 7;
	twin = root;
	seeded(&child, seed_a);
	seeded(&other, seed_b);
	qrng_generator_derive(&root, &child);
	qrng_generator_derive(&twin, &other);
	assert_int_equal(child.generation, 7);
	assert_differ(&child, &other);
	/* The roots did the same, and moved on. */
	assert_alike(&root, &twin);
	other = child;
	qrng_generator_derive(&root, &child);
	qrng_generator_derive(&root, &other);
	assert_differ(&child, &other);
}

static void an_empty_draw_changes_nothing(void **state)
{
	struct qrng_generator generator, before;

	(void)state;
	seeded(&generator, seed_a);
	before = generator;
	qrng_generator_draw(&generator, NULL, 0);
	assert_memory_equal(&generator, &before, sizeof(before));
}

static void a_wipe_leaves_zeroes(void **state)
{
	static const u8 zeroes[sizeof(struct qrng_generator)];
	struct qrng_generator generator;
	u8 out[100];

	(void)state;
	seeded(&generator, seed_a);
	qrng_generator_draw(&generator, out, sizeof(out));
	qrng_generator_wipe(&generator);
	assert_int_equal(generator.used, STATE);
	generator.used = 0;
	assert_memory_equal(&generator, zeroes, sizeof(generator));
}

static void a_generator_fits_into_a_page(void **state)
{
	(void)state;
	assert_true(sizeof(struct qrng_generator) <= 4096);
	assert_int_equal(STATE % QRNG_STREAM_UNIT, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(draws_are_those_of_the_model),
	cmocka_unit_test(no_two_children_say_the_same),
	cmocka_unit_test(nothing_left_can_repeat_a_draw),
	cmocka_unit_test(nothing_left_can_repeat_a_child),
	cmocka_unit_test(a_reseed_mixes_old_key_and_seed),
	cmocka_unit_test(a_reseed_drops_output_made_before),
	cmocka_unit_test(a_child_keeps_its_earlier_worth),
	cmocka_unit_test(an_empty_draw_changes_nothing),
	cmocka_unit_test(a_wipe_leaves_zeroes),
	cmocka_unit_test(a_generator_fits_into_a_page),
};

SUITE(tests)
