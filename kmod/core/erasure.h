/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Fast key erasure over a stream cipher: the key that made an output is replaced
 * before the first byte of that output leaves, so that a later look into memory
 * cannot bring back anything that was handed out.
 */
#ifndef _QRNG_CORE_ERASURE_H
#define _QRNG_CORE_ERASURE_H

#include "host.h"

/*
 * The first 32 bytes of each fill are the next key, the rest is output: the work of
 * replacing a key is shared by some fifty small draws, and generator, AES key
 * schedule and its owner's lock still fit into one page.
 */
#define QRNG_ERASURE_STATE	(53 * QRNG_STREAM_UNIT)

/**
 * struct qrng_erasure - key and spare output
 * @state: the key of the next fill, which never made anything that has left, and
 *	behind it output that was not handed out yet; comes first, where some ciphers
 *	want their blocks, on a boundary
 * @used: bytes of @state that are not output, or no longer: the key, and what was
 *	handed out and wiped
 *
 * Between calls the cipher's context is started with that key and counter zero. No
 * key is ever used for two streams, so a zero nonce is right.
 */
struct qrng_erasure {
	u8 state[QRNG_ERASURE_STATE];
	u32 used;
};

void qrng_erasure_seed(struct qrng_erasure *erasure, const struct qrng_cipher *cipher, void *ctx,
		       const void *seed, size_t len);
void qrng_erasure_draw(struct qrng_erasure *erasure, const struct qrng_cipher *cipher, void *ctx,
		       u8 *out, size_t len);

#endif /* _QRNG_CORE_ERASURE_H */
