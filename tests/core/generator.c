// SPDX-License-Identifier: MIT
/* What every type of generator promises, whatever is inside. */
#include "../../kmod/core/generator.h"
#include "../../kmod/core/sha256.h"
#include "cases.h"

#define WINDOW 16 /* bytes; equal by chance once in 2^128 */
#define DRAW   64

static const char seed_a[] = "seed a: forty-eight bytes or a few more, all known";
static const char seed_b[] = "seed b: as long as the other, but for the letter b";

static const struct qrng_generator_type *const types[] = {
	&qrng_generator_aes256_ctr,
	&qrng_generator_chacha20,
	&qrng_generator_ctr_drbg,
	&qrng_generator_fortuna,
};

/* The first of them erase keys, and have spare output; the others, a key and a counter. */
#define ERASING 2

/* Static, for a kernel's stack has no room; wiped when a case begins with them. */
static struct qrng_generator root, child, other;

static void seeded(struct qrng_generator *generator, const struct qrng_generator_type *type,
		   void *ctx, const char *seed)
{
	qrng_generator_init(generator, type, ctx);
	qrng_generator_reseed(generator, seed, sizeof(seed_a), 1);
}

static bool alike(struct qrng_generator *a, struct qrng_generator *b)
{
	u8 out[2][DRAW];

	return qrng_generator_draw(a, out[0], DRAW) && qrng_generator_draw(b, out[1], DRAW) &&
	       !memcmp(out[0], out[1], DRAW);
}

void case_generator_wants_a_seed_first(struct qrng_case *c)
{
	u8 out[DRAW];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		c->at = types[i]->name;
		qrng_generator_init(&root, types[i], c->ctx[0]);
		qrng_generator_init(&child, types[i], c->ctx[1]);
		EXPECT(c, !qrng_generator_draw(&root, out, sizeof(out)));
		EXPECT(c, !qrng_generator_derive(&root, &child));
		qrng_generator_reseed(&root, seed_a, sizeof(seed_a), 7);
		EXPECT(c, qrng_generator_draw(&root, out, sizeof(out)));
		EXPECT(c, qrng_generator_derive(&root, &child) && child.generation == 7);
		EXPECT(c, qrng_generator_draw(&child, out, sizeof(out)));
	}
}

void case_generator_follows_its_seeds(struct qrng_case *c)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		c->at = types[i]->name;
		seeded(&root, types[i], c->ctx[0], seed_a);
		seeded(&other, types[i], c->ctx[1], seed_a);
		EXPECT(c, alike(&root, &other));
		qrng_generator_reseed(&root, seed_a, sizeof(seed_a), 2);
		EXPECT(c, !alike(&root, &other));
		/* Another state before and the same seed: they must not meet again. */
		qrng_generator_reseed(&root, seed_b, sizeof(seed_b), 3);
		qrng_generator_reseed(&other, seed_b, sizeof(seed_b), 3);
		EXPECT(c, !alike(&root, &other));
		seeded(&other, types[i], c->ctx[1], seed_b);
		EXPECT(c, !alike(&root, &other));
	}
}

void case_generator_children_go_their_own_ways(struct qrng_case *c)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		c->at = types[i]->name;
		seeded(&root, types[i], c->ctx[0], seed_a);
		qrng_generator_init(&child, types[i], c->ctx[1]);
		qrng_generator_init(&other, types[i], c->ctx[2]);
		EXPECT(c, qrng_generator_derive(&root, &child));
		EXPECT(c, qrng_generator_derive(&root, &other));
		EXPECT(c, !alike(&child, &other));
		EXPECT(c, !alike(&root, &child));
	}
}

void case_generator_wipes_to_zeroes(struct qrng_case *c)
{
	static const u8 zeroes[sizeof(struct qrng_generator)];
	const u8 *memory = (const u8 *)&root;
	u8 out[DRAW];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		c->at = types[i]->name;
		seeded(&root, types[i], c->ctx[0], seed_a);
		qrng_generator_draw(&root, out, sizeof(out));
		qrng_generator_wipe(&root);
		EXPECT(c, !memcmp(memory, zeroes, sizeof(root)));
	}
}

static bool holds(const void *memory, size_t size, const u8 *out)
{
	const u8 *at = memory, *end = at + size - WINDOW;

	while (at <= end && memcmp(at, out, WINDOW))
		at++;
	return at <= end;
}

/* Is @out in the generator's memory, or made by any 32 bytes of it as a key? */
static bool erasure_reproduces(const struct qrng_generator *generator, const u8 *out, void *ctx)
{
	static const u8 zero_counter[QRNG_BLOCK_SIZE];
	static u8 image[sizeof(*generator)], stream[4 * QRNG_STREAM_UNIT];
	const struct qrng_cipher *cipher = generator->type->cipher;
	bool found;
	size_t at;

	memcpy(image, generator, sizeof(image));
	found = holds(image, sizeof(image), out);
	for (at = 0; !found && at + QRNG_KEY_SIZE <= sizeof(image); at++) {
		cipher->start(ctx, image + at, zero_counter);
		cipher->run(ctx, stream, sizeof(stream));
		found = holds(stream, sizeof(stream), out);
	}
	return found;
}

void case_generator_erasure_forgets_what_it_drew(struct qrng_case *c)
{
	u8 out[DRAW];
	u32 i;

	for (i = 0; i < ERASING; i++) {
		c->at = types[i]->name;
		seeded(&root, types[i], c->ctx[0], seed_a);
		other = root;
		qrng_generator_draw(&root, out, sizeof(out));
		/* The search is worth something: it finds the draw in what was before. */
		EXPECT(c, erasure_reproduces(&other, out, c->ctx[2]));
		EXPECT(c, !erasure_reproduces(&root, out, c->ctx[2]));
	}
}

/* Generator and context as they lie in memory, without the spare room of other types. */
#define IMAGE_MAX 2048
#define SMALL	  sizeof(struct qrng_ctr_drbg)

static size_t take_image(const struct qrng_case *c, u8 image[IMAGE_MAX])
{
	memcpy(image, &root.ctr_drbg, SMALL);
	memcpy(image + SMALL, c->ctx[0], c->ctx_size);
	return SMALL + c->ctx_size;
}

/* Does the started key make @out of @counter, or of one of the two numbers behind it? */
static bool counter_makes(void *ctx, const u8 *counter, const u8 *out)
{
	u8 blocks[6][QRNG_BLOCK_SIZE], next[QRNG_BLOCK_SIZE];
	u32 i;

	memcpy(next, counter, sizeof(next));
	for (i = 0; i < 3; i++) {
		memcpy(blocks[i], next, sizeof(next));
		qrng_counter_next(next);
		/* Little-endian; a carry out of the byte is rare enough to be left out. */
		memcpy(blocks[3 + i], counter, sizeof(next));
		blocks[3 + i][0] += i;
	}
	qrng_host.aes256_ecb.run(ctx, blocks[0], sizeof(blocks));
	return holds(blocks, sizeof(blocks), out);
}

static bool image_reproduces(const u8 *image, size_t size, const u8 *out, void *ctx)
{
	bool found = holds(image, size, out);
	size_t key, counter;

	for (key = 0; !found && key + QRNG_KEY_SIZE <= size; key += 8) {
		qrng_host.aes256_ecb.start(ctx, image + key, image);
		for (counter = 0; !found && counter + QRNG_BLOCK_SIZE <= size; counter += 4)
			found = counter_makes(ctx, image + counter, out);
	}
	return found;
}

void case_generator_counters_forget_what_they_drew(struct qrng_case *c)
{
	static u8 before[IMAGE_MAX], after[IMAGE_MAX];
	u8 out[DRAW];
	size_t size;
	u32 i;

	if (!EXPECT(c, SMALL + c->ctx_size <= IMAGE_MAX))
		return;
	for (i = ERASING; i < ARRAY_SIZE(types); i++) {
		c->at = types[i]->name;
		seeded(&root, types[i], c->ctx[0], seed_a);
		take_image(c, before);
		qrng_generator_draw(&root, out, sizeof(out));
		size = take_image(c, after);
		EXPECT(c, image_reproduces(before, size, out, c->ctx[2]));
		EXPECT(c, !image_reproduces(after, size, out, c->ctx[2]));
	}
}

/* Key erasure as its header words it: SHA-256(label, old key, seed), then 32 bytes of key. */
void case_generator_erasure_as_documented(struct qrng_case *c)
{
	static const u8 zeroes[QRNG_KEY_SIZE];
	const struct qrng_span first[] = {
		{ "qrng reseed 1", 14 },
		{ zeroes, sizeof(zeroes) },
		{ seed_a, sizeof(seed_a) },
	};
	u8 key[QRNG_KEY_SIZE], out[DRAW], want[QRNG_KEY_SIZE + DRAW + 32];
	u32 i;

	for (i = 0; i < ERASING; i++) {
		c->at = types[i]->name;
		qrng_sha256(first, ARRAY_SIZE(first), key);
		types[i]->cipher->start(c->ctx[1], key, zeroes);
		types[i]->cipher->run(c->ctx[1], want, sizeof(want));
		seeded(&root, types[i], c->ctx[0], seed_a);
		qrng_generator_draw(&root, out, sizeof(out));
		EXPECT_BYTES(c, out, want + QRNG_KEY_SIZE, sizeof(out));
	}
}
