// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "generator.h"

/* What a root gives a child: for CTR_DRBG, 256 bits and half as many for the nonce. */
#define CHILD_SEED_SIZE		48

static void erasure_seed(struct qrng_generator *generator, const void *seed, size_t len)
{
	qrng_erasure_seed(&generator->erasure, generator->type->cipher, generator->ctx, seed, len);
}

static bool erasure_draw(struct qrng_generator *generator, u8 *out, size_t len)
{
	qrng_erasure_draw(&generator->erasure, generator->type->cipher, generator->ctx, out, len);
	return true;
}

const struct qrng_generator_type qrng_generator_chacha20 = {
	.name = "chacha20",
	.cipher = &qrng_host.chacha20,
	.seed = erasure_seed,
	.draw = erasure_draw,
};

const struct qrng_generator_type qrng_generator_aes256_ctr = {
	.name = "aes256-ctr",
	.cipher = &qrng_host.aes256_ctr,
	.seed = erasure_seed,
	.draw = erasure_draw,
};

/*
 * What is too short for a seed in the sense of the standard is additional input: it is
 * mixed in, and the count of requests goes on. A short first seed is the caller's fault,
 * but no reason to leave the state undefined.
 */
static void ctr_drbg_seed(struct qrng_generator *generator, const void *bytes, size_t len)
{
	const struct qrng_ctr_drbg_seed seed = { .entropy = { bytes, len } };
	static const u8 nothing[QRNG_KEY_SIZE];
	const struct qrng_ctr_drbg_seed padded = {
		.entropy = { nothing, sizeof(nothing) },
		.extra = { bytes, len },
	};

	if (!generator->seeded)
		qrng_ctr_drbg_instantiate(&generator->ctr_drbg, generator->ctx, true,
					  len < QRNG_KEY_SIZE ? &padded : &seed);
	else if (len < QRNG_KEY_SIZE)
		qrng_ctr_drbg_generate(&generator->ctr_drbg, generator->ctx, &seed.entropy,
				       NULL, 0);
	else
		qrng_ctr_drbg_reseed(&generator->ctr_drbg, generator->ctx, &seed);
}

static bool ctr_drbg_draw(struct qrng_generator *generator, u8 *out, size_t len)
{
	size_t part;

	for (; len; out += part, len -= part) {
		part = len < QRNG_CTR_DRBG_REQUEST_MAX ? len : QRNG_CTR_DRBG_REQUEST_MAX;
		if (!qrng_ctr_drbg_generate(&generator->ctr_drbg, generator->ctx, NULL, out, part))
			return false;
	}
	return true;
}

const struct qrng_generator_type qrng_generator_ctr_drbg = {
	.name = "ctr-drbg",
	.cipher = &qrng_host.aes256_ctr,
	.seed = ctr_drbg_seed,
	.draw = ctr_drbg_draw,
};

static void fortuna_seed(struct qrng_generator *generator, const void *seed, size_t len)
{
	qrng_fortuna_reseed(&generator->fortuna, generator->ctx, seed, len);
}

static bool fortuna_draw(struct qrng_generator *generator, u8 *out, size_t len)
{
	size_t part;

	for (; len; out += part, len -= part) {
		part = len < QRNG_FORTUNA_REQUEST_MAX ? len : QRNG_FORTUNA_REQUEST_MAX;
		if (!qrng_fortuna_generate(&generator->fortuna, generator->ctx, out, part))
			return false;
	}
	return true;
}

const struct qrng_generator_type qrng_generator_fortuna = {
	.name = "fortuna",
	.cipher = &qrng_host.aes256_ecb,
	.seed = fortuna_seed,
	.draw = fortuna_draw,
};

/**
 * qrng_generator_init() - make a generator that still needs a seed
 * @generator: the generator; whatever it held is overwritten
 * @type: what it shall be
 * @ctx: the host's context for its ciphers, for this generator alone, which it must
 *	outlive
 */
void qrng_generator_init(struct qrng_generator *generator, const struct qrng_generator_type *type,
			 void *ctx)
{
	qrng_wipe(generator, sizeof(*generator));
	generator->type = type;
	generator->ctx = ctx;
}

/**
 * qrng_generator_reseed() - mix a seed into the state
 * @generator: the generator
 * @seed: the new material; 48 bytes of full entropy make a first seed of any type
 * @len: its bytes
 * @generation: what the owner calls this seed
 *
 * A seed adds to what is there: neither who knows it nor who knows the state before
 * knows the state after. Output that was made before but not handed out is dropped.
 */
void qrng_generator_reseed(struct qrng_generator *generator, const void *seed, size_t len,
			   u64 generation)
{
	generator->type->seed(generator, seed, len);
	generator->seeded = true;
	generator->generation = generation;
}

/**
 * qrng_generator_derive() - seed a child from its root
 * @root: the generator all children come from
 * @child: a generator after qrng_generator_init(), seeded before or not
 *
 * The child then works from the root's generation. A child that had a seed keeps
 * what that was worth.
 *
 * Return: false when the root needs a seed itself; the child is as it was.
 */
bool qrng_generator_derive(struct qrng_generator *root, struct qrng_generator *child)
{
	u8 seed[CHILD_SEED_SIZE];

	if (!qrng_generator_draw(root, seed, sizeof(seed)))
		return false;
	qrng_generator_reseed(child, seed, sizeof(seed), root->generation);
	qrng_wipe(seed, sizeof(seed));
	return true;
}

/**
 * qrng_generator_draw() - hand out bytes
 * @generator: the generator
 * @out: where they go
 * @len: how many; at most 2^38
 *
 * When this returns, nothing in @generator can make these bytes again.
 *
 * Return: false when the generator needs a seed first, its first one or, where the
 * standard of its type sets a limit, the next. @out then holds nothing to be used.
 */
bool qrng_generator_draw(struct qrng_generator *generator, u8 *out, size_t len)
{
	return generator->seeded && generator->type->draw(generator, out, len);
}

/**
 * qrng_generator_wipe() - forget everything, in the context too
 * @generator: the generator; qrng_generator_init() makes it usable again
 */
void qrng_generator_wipe(struct qrng_generator *generator)
{
	static const u8 zeroes[QRNG_KEY_SIZE];

	if (generator->seeded)
		generator->type->cipher->start(generator->ctx, zeroes, zeroes);
	qrng_wipe(generator, sizeof(*generator));
}
