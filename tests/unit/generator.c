// SPDX-License-Identifier: MIT
#include "suite.h"

#include "../../kmod/core/generator.h"
#include "host.h"
#include "random.h"

#define STATE	QRNG_ERASURE_STATE
#define WINDOW	16	/* bytes; equal by chance once in 2^128 */
#define CHILDREN 8
#define PER_CHILD 65536

/* A generator and all the memory that belongs to it. */
struct subject {
	struct qrng_generator generator;
	struct host_ctx ctx;
};

static const struct kind {
	const struct qrng_generator_type *type;
	const char *cipher;
} kinds[] = {
	{ &qrng_generator_chacha20, "ChaCha20" },
	{ &qrng_generator_aes256_ctr, "AES-256-CTR" },
	{ &qrng_generator_ctr_drbg, "AES-256-CTR" },
	{ &qrng_generator_fortuna, "AES-256-ECB" },
};

static const char seed_a[] = "seed a: thirty-two bytes of it..", seed_b[] = "seed b";

/* What the tests below work with; most are run for each kind. */
static const struct kind *kind;

static void unseeded(struct subject *subject)
{
	memset(subject, 0, sizeof(*subject));
	qrng_generator_init(&subject->generator, kind->type, &subject->ctx);
}

static void seeded(struct subject *subject, const char *seed)
{
	unseeded(subject);
	qrng_generator_reseed(&subject->generator, seed, strlen(seed), 1);
}

static void copy(struct subject *to, const struct subject *from)
{
	*to = *from;
	to->generator.ctx = &to->ctx;
}

static void draw(struct subject *subject, u8 *out, size_t len)
{
	assert_true(qrng_generator_draw(&subject->generator, out, len));
}

static void derive(struct subject *root, struct subject *child)
{
	assert_true(qrng_generator_derive(&root->generator, &child->generator));
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

static void model_draw_small(struct model *model, u8 *out, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (model->used == STATE) {
			host_key_stream(kind->cipher, model->key, model->tape, STATE);
			memcpy(model->key, model->tape, sizeof(model->key));
			model->used = sizeof(model->key);
		}
		out[i] = model->tape[model->used++];
	}
}

static void model_draw(struct model *model, u8 *out, size_t len)
{
	u8 next[QRNG_KEY_SIZE];

	if (len < STATE - QRNG_KEY_SIZE) {
		model_draw_small(model, out, len);
		return;
	}
	model_draw_small(model, next, sizeof(next));
	host_key_stream(kind->cipher, model->key, out, len);
	memcpy(model->key, next, sizeof(next));
}

static void draw_both(struct subject *subject, struct model *model, size_t len)
{
	/* Just as long as asked for: the sanitizer sees a byte too many. */
	u8 *got = malloc(len), *want = malloc(len);

	draw(subject, got, len);
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
	struct subject subject;
	struct model model = { 0 };
	uint64_t choice = 1;
	size_t i;

	(void)state;
	seeded(&subject, seed_a);
	model_reseed(&model, seed_a);
	for (i = 0; i < sizeof(borders) / sizeof(borders[0]); i++)
		draw_both(&subject, &model, borders[i]);
	for (i = 0; i < 3000; i++)
		draw_both(&subject, &model, random_below(&choice, i % 10 ? 200 : 3 * STATE));
	qrng_generator_reseed(&subject.generator, seed_b, strlen(seed_b), 2);
	model_reseed(&model, seed_b);
	for (i = 0; i < 500; i++)
		draw_both(&subject, &model, random_below(&choice, 1000));
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
static void draw_child(struct subject *root, struct subject *child, u8 *to,
		       size_t len, uint64_t *choice)
{
	size_t part;

	for (; len; to += part, len -= part) {
		part = 1 + random_below(choice, random_below(choice, 20) ? 300 : 2 * STATE);
		if (part > len)
			part = len;
		draw(child, to, part);
		if (!random_below(choice, 50))
			derive(root, child);
	}
}

static void no_two_children_say_the_same(void **state)
{
	u8 *bytes = malloc((CHILDREN + 1) * PER_CHILD);
	struct subject root, child;
	uint64_t choice = 2;
	size_t i;

	(void)state;
	seeded(&root, seed_a);
	for (i = 0; i < CHILDREN; i++) {
		unseeded(&child);
		derive(&root, &child);
		draw_child(&root, &child, bytes + i * PER_CHILD, PER_CHILD, &choice);
	}
	draw(&root, bytes + i * PER_CHILD, PER_CHILD);
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
static bool reproduces(const struct subject *generator, const u8 *out, size_t len)
{
	const u8 *memory = (const u8 *)generator;
	size_t made = (len > STATE ? len : STATE) + QRNG_STREAM_UNIT, at;
	bool found = finds(memory, sizeof(*generator), out, len);
	u8 *stream = malloc(made);

	for (at = 0; !found && at + QRNG_KEY_SIZE <= sizeof(*generator); at++) {
		host_key_stream(kind->cipher, memory + at, stream, made);
		found = finds(stream, made, out, len);
	}
	free(stream);
	return found;
}

static void nothing_left_can_repeat_a_draw(void **state)
{
	static const size_t lengths[] = { 16, 32, 100, 3000, 2000, STATE - 1, STATE, 10000, 64 };
	struct subject generator, before;
	u8 out[10000];
	size_t i;

	(void)state;
	seeded(&generator, seed_a);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		copy(&before, &generator);
		draw(&generator, out, lengths[i]);
		/* The search is worth something: it finds the draw in what was before. */
		assert_true(reproduces(&before, out, lengths[i]));
		assert_false(reproduces(&generator, out, lengths[i]));
	}
}

/* All that the two generators on blocks keep, and what is derived from their counters. */
struct image {
	u8 memory[sizeof(struct qrng_ctr_drbg) + sizeof(struct host_ctx)];
	u8 counters[256][QRNG_BLOCK_SIZE];
};

static void take_image(struct image *image, const struct subject *subject)
{
	size_t i;

	memset(image, 0, sizeof(*image));
	memcpy(image->memory, &subject->generator.ctr_drbg, sizeof(struct qrng_ctr_drbg));
	memcpy(image->memory + sizeof(struct qrng_ctr_drbg), &subject->ctx, sizeof(subject->ctx));
	/* Fortuna's counters can be guessed; for CTR_DRBG, each stretch of memory is tried. */
	for (i = 0; i < 128; i++)
		image->counters[i][0] = i;
	for (; i < 256 && i - 128 + QRNG_BLOCK_SIZE <= sizeof(image->memory); i++)
		memcpy(image->counters[i], image->memory + i - 128, QRNG_BLOCK_SIZE);
}

static bool makes_block(const u8 *key, const u8 *counter, const u8 *wanted)
{
	struct host_ctx ctx = { 0 };
	u8 block[QRNG_BLOCK_SIZE];

	memcpy(block, counter, sizeof(block));
	kind->type->cipher->start(&ctx, key, counter);
	kind->type->cipher->run(&ctx, block, sizeof(block));
	return !memcmp(block, wanted, sizeof(block));
}

/* Can a look into memory bring the first block of @out back? */
static bool makes_again(const struct subject *subject, const u8 *out)
{
	struct image image;
	size_t key, counter;

	take_image(&image, subject);
	for (key = 0; key + QRNG_KEY_SIZE <= sizeof(image.memory); key++)
		for (counter = 0; counter < 256; counter++)
			if (makes_block(image.memory + key, image.counters[counter], out))
				return true;
	return memmem(&image, sizeof(image), out, QRNG_BLOCK_SIZE);
}

static void nothing_left_makes_a_block_again(void **state)
{
	static const size_t lengths[] = { 16, 100, 1000 };
	struct subject subject, before;
	u8 out[1000];
	size_t i;

	(void)state;
	seeded(&subject, seed_a);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		copy(&before, &subject);
		draw(&subject, out, lengths[i]);
		assert_true(makes_again(&before, out));
		assert_false(makes_again(&subject, out));
	}
}

static void long_draws_keep_to_the_limits(void **state)
{
	const size_t len = 3 << 20;
	u8 *out = malloc(len + 1);
	struct subject subject;

	(void)state;
	seeded(&subject, seed_a);
	draw(&subject, out, len + 1);
	assert_no_window_twice(out, len + 1);
	free(out);
}

static void a_limit_reached_asks_for_a_seed(void **state)
{
	struct subject subject, child;
	u8 out[1];

	(void)state;
	kind = &kinds[2];
	seeded(&subject, seed_a);
	subject.generator.ctr_drbg.requests = QRNG_CTR_DRBG_REQUESTS_MAX;
	draw(&subject, out, 1);
	assert_false(qrng_generator_draw(&subject.generator, out, 1));
	unseeded(&child);
	assert_false(qrng_generator_derive(&subject.generator, &child.generator));
	/* What is too short for a seed does not count as one. */
	qrng_generator_reseed(&subject.generator, "short", 5, 2);
	assert_false(qrng_generator_draw(&subject.generator, out, 1));
	qrng_generator_reseed(&subject.generator, seed_a, 32, 2);
	draw(&subject, out, 1);
}

static void nothing_left_can_repeat_a_child(void **state)
{
	struct subject root, before, child;
	u8 seed[QRNG_KEY_SIZE], out[64];

	(void)state;
	seeded(&root, seed_a);
	draw(&root, out, sizeof(out));
	copy(&before, &root);
	unseeded(&child);
	derive(&root, &child);
	draw(&before, seed, sizeof(seed));
	assert_false(reproduces(&root, seed, sizeof(seed)));
	assert_false(reproduces(&child, seed, sizeof(seed)));
}

static void assert_differ(struct subject *a, struct subject *b)
{
	u8 out[2][64];

	draw(a, out[0], sizeof(out[0]));
	draw(b, out[1], sizeof(out[1]));
	assert_memory_not_equal(out[0], out[1], sizeof(out[0]));
}

static void assert_alike(struct subject *a, struct subject *b)
{
	u8 out[2][64];

	draw(a, out[0], sizeof(out[0]));
	draw(b, out[1], sizeof(out[1]));
	assert_memory_equal(out[0], out[1], sizeof(out[0]));
}

static void a_reseed_mixes_old_key_and_seed(void **state)
{
	struct subject one, other;

	(void)state;
	seeded(&one, seed_a);
	copy(&other, &one);
	qrng_generator_reseed(&one.generator, "x", 1, 2);
	qrng_generator_reseed(&other.generator, "x", 1, 2);
	assert_alike(&one, &other);
	qrng_generator_reseed(&one.generator, "x", 1, 3);
	qrng_generator_reseed(&other.generator, "y", 1, 3);
	assert_differ(&one, &other);
	/* Now the keys differ: the same seed must not make them meet again. */
	qrng_generator_reseed(&one.generator, seed_b, sizeof(seed_b), 4);
	qrng_generator_reseed(&other.generator, seed_b, sizeof(seed_b), 4);
	assert_differ(&one, &other);
	assert_int_equal(one.generator.generation, 4);
	copy(&other, &one);
	qrng_generator_reseed(&other.generator, NULL, 0, 4);
	assert_differ(&one, &other);
}

static void a_reseed_drops_output_made_before(void **state)
{
	struct subject generator, before;
	u8 old[1000];

	(void)state;
	seeded(&generator, seed_a);
	draw(&generator, old, 8);
	copy(&before, &generator);
	qrng_generator_reseed(&generator.generator, seed_b, sizeof(seed_b), 2);
	draw(&before, old, sizeof(old));
	assert_false(finds((u8 *)&generator, sizeof(generator), old, sizeof(old)));
	assert_differ(&generator, &before);
}

static void a_child_keeps_its_earlier_worth(void **state)
{
	struct subject root, twin, child, other;

	(void)state;
	seeded(&root, seed_a);
	root.generator.generation = 7;
	copy(&twin, &root);
	seeded(&child, seed_a);
	seeded(&other, seed_b);
	derive(&root, &child);
	derive(&twin, &other);
	assert_int_equal(child.generator.generation, 7);
	assert_differ(&child, &other);
	/* The roots did the same, and moved on. */
	assert_alike(&root, &twin);
	copy(&other, &child);
	derive(&root, &child);
	derive(&root, &other);
	assert_differ(&child, &other);
}

static void an_empty_draw_changes_nothing(void **state)
{
	struct subject generator, before;

	(void)state;
	seeded(&generator, seed_a);
	copy(&before, &generator);
	draw(&generator, NULL, 0);
	before.generator.ctx = generator.generator.ctx;
	assert_memory_equal(&generator, &before, sizeof(before));
}

static void a_wipe_leaves_zeroes(void **state)
{
	static const u8 zeroes[sizeof(struct qrng_generator)];
	struct subject generator;
	u8 out[100];

	(void)state;
	seeded(&generator, seed_a);
	draw(&generator, out, sizeof(out));
	qrng_generator_wipe(&generator.generator);
	assert_memory_equal(&generator.generator, zeroes, sizeof(zeroes));
	assert_memory_equal(generator.ctx.key, zeroes, sizeof(generator.ctx.key));
	/* Twice does no harm, and neither does one that never had a seed. */
	qrng_generator_wipe(&generator.generator);
	unseeded(&generator);
	qrng_generator_wipe(&generator.generator);
	assert_memory_equal(&generator.generator, zeroes, sizeof(zeroes));
}

static void without_a_seed_nothing_is_drawn(void **state)
{
	struct subject root, child, before;
	u8 out[8] = "as it is";

	(void)state;
	unseeded(&root);
	assert_false(qrng_generator_draw(&root.generator, out, sizeof(out)));
	assert_memory_equal(out, "as it is", sizeof(out));
	seeded(&child, seed_a);
	copy(&before, &child);
	assert_false(qrng_generator_derive(&root.generator, &child.generator));
	assert_alike(&before, &child);
	assert_int_equal(child.generator.generation, 1);
}

static void a_child_is_small(void **state)
{
	(void)state;
	assert_true(sizeof(struct qrng_generator) <= 5 * 1024);
	assert_true(sizeof(struct qrng_generator) - (STATE - QRNG_KEY_SIZE) <= 512);
	/* With AES round keys and a lock beside it, it still fits into a page. */
	assert_true(sizeof(struct qrng_generator) + 512 + 64 <= 4096);
	assert_int_equal(STATE % QRNG_STREAM_UNIT, 0);
}

static int choose_kind(void **state)
{
	kind = *state;
	return 0;
}

/* A test for each kind of generator: for all, for those that erase, for the others. */
#define ONE(test, name, at) { #test " (" name ")", test, choose_kind, NULL, (void *)&kinds[at] }
#define ERASING(test) ONE(test, "chacha20", 0), ONE(test, "aes256-ctr", 1)
#define ON_BLOCKS(test) ONE(test, "ctr-drbg", 2), ONE(test, "fortuna", 3)
#define EACH(test) ERASING(test), ON_BLOCKS(test)

static const struct CMUnitTest tests[] = {
	ERASING(draws_are_those_of_the_model),
	EACH(no_two_children_say_the_same),
	ERASING(nothing_left_can_repeat_a_draw),
	ERASING(nothing_left_can_repeat_a_child),
	ON_BLOCKS(nothing_left_makes_a_block_again),
	ON_BLOCKS(long_draws_keep_to_the_limits),
	cmocka_unit_test(a_limit_reached_asks_for_a_seed),
	EACH(a_reseed_mixes_old_key_and_seed),
	EACH(a_reseed_drops_output_made_before),
	EACH(a_child_keeps_its_earlier_worth),
	EACH(an_empty_draw_changes_nothing),
	EACH(a_wipe_leaves_zeroes),
	EACH(without_a_seed_nothing_is_drawn),
	cmocka_unit_test(a_child_is_small),
};

SUITE(tests)
