/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A generator with fast key erasure: the key that made an output is replaced
 * before the first byte of that output leaves, so that a later look into memory
 * cannot bring back anything that was handed out.
 *
 * No locks: the owner serialises the calls on one generator.
 */
#ifndef _QRNG_CORE_GENERATOR_H
#define _QRNG_CORE_GENERATOR_H

#include "host.h"

/*
 * 62 ChaCha20 blocks. The first 32 bytes of each fill are the next key, the rest
 * is output: the work of replacing a key is shared by some hundred small draws,
 * and the whole generator still fits into one page.
 */
#define QRNG_GENERATOR_STATE	3968

/**
 * struct qrng_generator - one generator
 * @cipher: what makes the key stream
 * @ctx: the host's scratch for @cipher
 * @generation: of the seed this generator works from, as its owner counts them
 * @used: bytes of @state that are not output, or no longer: the key, and what was
 *	handed out and wiped
 * @state: the key of the next fill, which never made anything that has left, and
 *	behind it output that was not handed out yet
 */
struct qrng_generator {
	const struct qrng_cipher *cipher;
	void *ctx;
	u64 generation;
	u32 used;
	u8 state[QRNG_GENERATOR_STATE];
};

void qrng_generator_init(struct qrng_generator *generator, const struct qrng_cipher *cipher,
			 void *ctx);
void qrng_generator_reseed(struct qrng_generator *generator, const void *seed, size_t len,
			   u64 generation);
void qrng_generator_derive(struct qrng_generator *root, struct qrng_generator *child);
void qrng_generator_draw(struct qrng_generator *generator, u8 *out, size_t len);
void qrng_generator_wipe(struct qrng_generator *generator);

#endif /* _QRNG_CORE_GENERATOR_H */
