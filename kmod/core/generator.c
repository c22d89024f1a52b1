// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "generator.h"

static const char reseed_label[] = "qrng reseed 1";

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One stretch of key stream: the next key, and a buffer full of output behind it. */
static void generator_refill(struct qrng_generator *generator)
{
	u8 key[QRNG_KEY_SIZE];

	memcpy(key, generator->state, sizeof(key));
	generator->cipher->stream(generator->ctx, key, 0, generator->state,
				  sizeof(generator->state));
	qrng_host_wipe(key, sizeof(key));
	generator->used = QRNG_KEY_SIZE;
}

/* Straight to @out under a key that serves this once; unit 0 makes its successor. */
static void generator_draw_bulk(struct qrng_generator *generator, u8 *out, size_t len)
{
	u8 key[QRNG_KEY_SIZE];

	memcpy(key, generator->state, sizeof(key));
	generator->cipher->stream(generator->ctx, key, 0, generator->state, QRNG_KEY_SIZE);
	generator->cipher->stream(generator->ctx, key, 1, out, len);
	qrng_host_wipe(key, sizeof(key));
}

/**
 * qrng_generator_init() - make a generator that still needs a seed
 * @generator: the generator; whatever it held is overwritten
 * @cipher: what makes its key stream
 * @ctx: given to each call of @cipher
 *
 * Nothing may be drawn before qrng_generator_reseed().
 */
void qrng_generator_init(struct qrng_generator *generator, const struct qrng_cipher *cipher,
			 void *ctx)
{
	qrng_generator_wipe(generator);
	generator->cipher = cipher;
	generator->ctx = ctx;
}

/**
 * qrng_generator_reseed() - mix seeds into the key
 * @generator: the generator
 * @seed: the new material; 32 bytes of full entropy make a first seed
 * @len: its bytes
 * @generation: what the owner calls this seed
 *
 * The new key is SHA-256(label, old key, seed): an attacker who knows the seed
 * still faces the old key, and one who knows the old key the seed. Output that
 * was made under the old key but not handed out is dropped.
 */
void qrng_generator_reseed(struct qrng_generator *generator, const void *seed, size_t len,
			   u64 generation)
{
	const struct qrng_span spans[] = {
		{ reseed_label, sizeof(reseed_label) },
		{ generator->state, QRNG_KEY_SIZE },
		{ seed, len },
	};
	u8 key[QRNG_DIGEST_SIZE];

	qrng_host_sha256(spans, ARRAY_SIZE(spans), key);
	qrng_host_wipe(generator->state, sizeof(generator->state));
	memcpy(generator->state, key, QRNG_KEY_SIZE);
	qrng_host_wipe(key, sizeof(key));
	generator->used = sizeof(generator->state);
	generator->generation = generation;
}

/**
 * qrng_generator_derive() - seed a child from its root
 * @root: the generator all children come from
 * @child: a generator after qrng_generator_init(), seeded before or not
 *
 * The child then works from the root's generation. A child that had a seed keeps
 * what that was worth.
 */
void qrng_generator_derive(struct qrng_generator *root, struct qrng_generator *child)
{
	u8 seed[QRNG_KEY_SIZE];

	qrng_generator_draw(root, seed, sizeof(seed));
	qrng_generator_reseed(child, seed, sizeof(seed), root->generation);
	qrng_host_wipe(seed, sizeof(seed));
}

/**
 * qrng_generator_draw() - hand out bytes
 * @generator: a seeded generator
 * @out: where they go
 * @len: how many; below 2^32 units of QRNG_STREAM_UNIT bytes
 *
 * When this returns, nothing in @generator can make these bytes again.
 */
void qrng_generator_draw(struct qrng_generator *generator, u8 *out, size_t len)
{
	if (len >= sizeof(generator->state)) {
		generator_draw_bulk(generator, out, len);
		return;
	}
	while (len) {
		size_t part;

		if (generator->used == sizeof(generator->state))
			generator_refill(generator);
		part = smaller(len, sizeof(generator->state) - generator->used);
		memcpy(out, generator->state + generator->used, part);
		qrng_host_wipe(generator->state + generator->used, part);
		generator->used += part;
		out += part;
		len -= part;
	}
}

/**
 * qrng_generator_wipe() - forget everything
 * @generator: the generator; qrng_generator_init() makes it usable again
 */
void qrng_generator_wipe(struct qrng_generator *generator)
{
	qrng_host_wipe(generator, sizeof(*generator));
	generator->used = sizeof(generator->state);
}
