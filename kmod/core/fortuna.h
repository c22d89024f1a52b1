/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The generator of Ferguson and Schneier's Fortuna (Practical Cryptography, 10.4) with
 * AES-256: a block cipher over a counter, and a new key after each request.
 */
#ifndef _QRNG_CORE_FORTUNA_H
#define _QRNG_CORE_FORTUNA_H

#include "host.h"

#define QRNG_FORTUNA_REQUEST_MAX	1048576	/* bytes; 2^20 */

/**
 * struct qrng_fortuna - the generator
 * @key: K
 * @counter: C, one number of 128 bits, little-endian; 0 when there was no seed yet
 *
 * Between calls the context is started with AES-256-ECB and @key.
 */
struct qrng_fortuna {
	u8 key[QRNG_KEY_SIZE];
	u8 counter[QRNG_BLOCK_SIZE];
};

void qrng_fortuna_reseed(struct qrng_fortuna *fortuna, void *ctx, const void *seed, size_t len);
bool qrng_fortuna_generate(struct qrng_fortuna *fortuna, void *ctx, u8 *out, size_t len);

#endif /* _QRNG_CORE_FORTUNA_H */
