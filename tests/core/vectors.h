/* SPDX-License-Identifier: MIT */
/* Published vectors, as tests/vectors/generate.py makes them from the files there. */
#ifndef _QRNG_TESTS_VECTORS_H
#define _QRNG_TESTS_VECTORS_H

#include "../../kmod/core/types.h"

/** struct bytes - as many as there are; a field that a vector lacks has none */
struct bytes {
	const u8 *at;
	u32 len;
};

/** struct stream_vector - @key, with @counter at the beginning, makes @stream */
struct stream_vector {
	const char *at; /* file and line, as in all vectors */
	struct bytes key;
	struct bytes counter;
	struct bytes stream;
};

/** struct aes_vector - @plain enciphers to @cipher, block by block */
struct aes_vector {
	const char *at;
	struct bytes key;
	struct bytes plain;
	struct bytes cipher;
};

/** struct sha256_vector - in the Monte Carlo test @message is empty: it follows from the last */
struct sha256_vector {
	const char *at;
	struct bytes message;
	struct bytes digest;
};

/**
 * struct drbg_vector - CTR_DRBG (SP 800-90A 10.2.1) with AES-256, one life of it
 * @at: file and line
 * @df: uses the derivation function
 * @entropy: of the instantiation
 * @nonce: the same
 * @personal: the same
 * @reseed_entropy: of a reseed behind it, none if empty
 * @reseed_additional: the same
 * @additional: of the two requests that follow, each for as many bytes as @returned
 * @fresh: entropy that prediction resistance asks for before each of them, none if empty
 * @returned: what the second request gives
 */
struct drbg_vector {
	const char *at;
	bool df;
	struct bytes entropy;
	struct bytes nonce;
	struct bytes personal;
	struct bytes reseed_entropy;
	struct bytes reseed_additional;
	struct bytes additional[2];
	struct bytes fresh[2];
	struct bytes returned;
};

extern const struct stream_vector chacha20_vectors[];
extern const u32 chacha20_count;
extern const struct stream_vector aes_ctr_vectors[];
extern const u32 aes_ctr_count;
extern const struct aes_vector aes_ecb_vectors[];
extern const u32 aes_ecb_count;
extern const struct sha256_vector sha256_short_vectors[];
extern const u32 sha256_short_count;
extern const struct sha256_vector sha256_long_vectors[];
extern const u32 sha256_long_count;
extern const struct bytes sha256_monte_seed;
extern const struct sha256_vector sha256_monte_vectors[];
extern const u32 sha256_monte_count;
extern const struct drbg_vector ctr_drbg_no_reseed_vectors[];
extern const u32 ctr_drbg_no_reseed_count;
extern const struct drbg_vector ctr_drbg_pr_false_vectors[];
extern const u32 ctr_drbg_pr_false_count;
extern const struct drbg_vector ctr_drbg_pr_true_vectors[];
extern const u32 ctr_drbg_pr_true_count;

#endif /* _QRNG_TESTS_VECTORS_H */
