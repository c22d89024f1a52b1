/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * CTR_DRBG of NIST SP 800-90A Rev. 1 (10.2.1) with AES-256, at a security strength of
 * 256 bits.
 */
#ifndef _QRNG_CORE_CTR_DRBG_H
#define _QRNG_CORE_CTR_DRBG_H

#include "sha256.h"

/* Table 3 of the standard. */
#define QRNG_CTR_DRBG_SEED_SIZE		48
#define QRNG_CTR_DRBG_REQUEST_MAX	65536	/* bytes; 2^19 bits */
#define QRNG_CTR_DRBG_REQUESTS_MAX	0x1000000000000ull	/* 2^48, between two seeds */

/**
 * struct qrng_ctr_drbg - the working state
 * @key: Key
 * @v: V
 * @requests: reseed_counter; 0 when there was no seed yet
 * @derive: seeds and additional input go through the derivation function
 *
 * Between calls the context is started with AES-256-CTR, @key and V + 1.
 */
struct qrng_ctr_drbg {
	u8 key[QRNG_KEY_SIZE];
	u8 v[QRNG_BLOCK_SIZE];
	u64 requests;
	bool derive;
};

/**
 * struct qrng_ctr_drbg_seed - what a seed is made of
 * @entropy: with the derivation function, at least 32 bytes worth 256 bits; without,
 *	just 48 bytes of full entropy
 * @nonce: 16 bytes for a first seed with the derivation function; it may be empty if
 *	@entropy is worth half as much again (8.6.7); empty in all other seeds
 * @extra: personalization string of a first seed, additional input of others; at
 *	most 48 bytes without the derivation function
 */
struct qrng_ctr_drbg_seed {
	struct qrng_span entropy;
	struct qrng_span nonce;
	struct qrng_span extra;
};

bool qrng_ctr_drbg_instantiate(struct qrng_ctr_drbg *drbg, void *ctx, bool derive,
			       const struct qrng_ctr_drbg_seed *seed);
bool qrng_ctr_drbg_reseed(struct qrng_ctr_drbg *drbg, void *ctx,
			  const struct qrng_ctr_drbg_seed *seed);
bool qrng_ctr_drbg_generate(struct qrng_ctr_drbg *drbg, void *ctx,
			    const struct qrng_span *additional, u8 *out, size_t len);
bool qrng_ctr_drbg_generate_fresh(struct qrng_ctr_drbg *drbg, void *ctx,
				  const struct qrng_ctr_drbg_seed *seed, u8 *out, size_t len);

#endif /* _QRNG_CORE_CTR_DRBG_H */
