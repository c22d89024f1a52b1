/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* SHA-256 over bytes that lie in several places, and twice over. */
#ifndef _QRNG_CORE_SHA256_H
#define _QRNG_CORE_SHA256_H

#include "host.h"

/** struct qrng_span - bytes that live somewhere else */
struct qrng_span {
	const void *data;
	size_t len;
};

void qrng_sha256(const struct qrng_span *spans, size_t count, u8 digest[QRNG_DIGEST_SIZE]);
void qrng_sha256d_final(struct qrng_hash *hash, u8 digest[QRNG_DIGEST_SIZE]);

#endif /* _QRNG_CORE_SHA256_H */
