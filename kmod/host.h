/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_HOST_H
#define _QRNG_HOST_H

#include <crypto/aes.h>
#include <crypto/chacha.h>

#include "core/host.h"
#include "skcipher.h"

/**
 * struct qrng_host_ctx - a context for the ciphers of qrng_host; part of its owner
 * @fast: AES by instructions of the machine, for the mode that @mode is
 * @mode: the only cipher @fast is for
 * @expanded: the library's key is there
 * @chacha20: the library's state
 * @aes256: key and counter; the library's key is made of @key when it is first needed,
 *	since bulk output never needs it
 *
 * All zeroes are a context, too, if not of the fastest: it holds no memory, and is
 * good for every cipher. qrng_host_ctx_init() makes one cipher fast.
 */
struct qrng_host_ctx {
	struct qrng_skcipher fast;
	const struct qrng_cipher *mode;
	bool expanded;
	union {
		struct chacha_state chacha20 __aligned(16);
		struct {
			u8 key[QRNG_KEY_SIZE];
			u8 counter[QRNG_BLOCK_SIZE];
			struct aes_enckey library;
		} aes256;
	};
};

void qrng_host_ctx_init(struct qrng_host_ctx *ctx, const struct qrng_cipher *mode);
void qrng_host_ctx_free(struct qrng_host_ctx *ctx);
const char *qrng_host_ctx_driver(const struct qrng_host_ctx *ctx);

#endif /* _QRNG_HOST_H */
