/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Generators of every type behind one small interface. A root is seeded with
 * noise; its children are seeded from it and remember its generation, so that they
 * notice when it was reseeded.
 *
 * No locks: the owner serialises the calls on one generator.
 */
#ifndef _QRNG_CORE_GENERATOR_H
#define _QRNG_CORE_GENERATOR_H

#include "ctr_drbg.h"
#include "erasure.h"
#include "fortuna.h"

struct qrng_generator;

/**
 * struct qrng_generator_type - what there is to choose from
 * @name: as users see it
 * @cipher: what makes its bytes
 * @seed: mix @len bytes in; the first seed makes a zeroed state fit for use
 * @draw: fill @out; false when the type's rules want another seed first
 */
struct qrng_generator_type {
	const char *name;
	const struct qrng_cipher *cipher;
	void (*seed)(struct qrng_generator *generator, const void *seed, size_t len);
	bool (*draw)(struct qrng_generator *generator, u8 *out, size_t len);
};

extern const struct qrng_generator_type qrng_generator_chacha20;
extern const struct qrng_generator_type qrng_generator_aes256_ctr;
extern const struct qrng_generator_type qrng_generator_ctr_drbg;
extern const struct qrng_generator_type qrng_generator_fortuna;

/**
 * struct qrng_generator - one generator
 * @type: what it is; NULL when it was wiped
 * @ctx: the host's context, which nobody else uses
 * @generation: of the seed this generator works from, as its owner counts them
 * @seeded: there was a seed
 * @erasure: the state of the two stream ciphers
 * @ctr_drbg: the state of CTR_DRBG
 * @fortuna: the state of Fortuna
 */
struct qrng_generator {
	const struct qrng_generator_type *type;
	void *ctx;
	u64 generation;
	bool seeded;
	union {
		struct qrng_erasure erasure;
		struct qrng_ctr_drbg ctr_drbg;
		struct qrng_fortuna fortuna;
	};
};

void qrng_generator_init(struct qrng_generator *generator, const struct qrng_generator_type *type,
			 void *ctx);
void qrng_generator_reseed(struct qrng_generator *generator, const void *seed, size_t len,
			   u64 generation);
bool qrng_generator_derive(struct qrng_generator *root, struct qrng_generator *child);
bool qrng_generator_draw(struct qrng_generator *generator, u8 *out, size_t len);
void qrng_generator_wipe(struct qrng_generator *generator);

#endif /* _QRNG_CORE_GENERATOR_H */
