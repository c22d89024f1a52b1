/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AES-256 by the machine's own instructions, as far as the kernel's crypto API offers
 * them: in bulk several times as fast as the library, and free of tables.
 */
#ifndef _QRNG_SKCIPHER_H
#define _QRNG_SKCIPHER_H

#include <linux/types.h>

#include "core/host.h"

struct crypto_skcipher;
struct skcipher_request;

/**
 * struct qrng_skcipher - one mode of the cipher, with a key; all zeroes: none
 * @tfm: the kernel's cipher, NULL if there is none
 * @request: the one request that is ever under way
 */
struct qrng_skcipher {
	struct crypto_skcipher *tfm;
	struct skcipher_request *request;
};

bool qrng_skcipher_init(struct qrng_skcipher *cipher, const char *name);
void qrng_skcipher_free(struct qrng_skcipher *cipher);
bool qrng_skcipher_has_instructions(const struct qrng_skcipher *cipher);
const char *qrng_skcipher_driver(const struct qrng_skcipher *cipher);
void qrng_skcipher_key(struct qrng_skcipher *cipher, const u8 key[QRNG_KEY_SIZE]);
bool qrng_skcipher_stream(struct qrng_skcipher *cipher, u8 counter[QRNG_BLOCK_SIZE], u8 *data,
			  size_t len);
bool qrng_skcipher_blocks(struct qrng_skcipher *cipher, u8 *data, size_t len);

#endif /* _QRNG_SKCIPHER_H */
