/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a host (the kernel module, the daemon, a unit test) gives to the core.
 * The core never calls anything else but memcpy and memset.
 */
#ifndef _QRNG_CORE_HOST_H
#define _QRNG_CORE_HOST_H

#include "types.h"

#define QRNG_KEY_SIZE		32
#define QRNG_DIGEST_SIZE	32
#define QRNG_STREAM_UNIT	64	/* bytes; what qrng_cipher.stream counts in */

/**
 * struct qrng_cipher - a stream cipher with a 256-bit key, used with a zero nonce
 * @name: as users see it, e.g. "chacha20"
 * @stream: write @len bytes of the key stream of @key to @out, starting @unit units
 *	of QRNG_STREAM_UNIT bytes into it. @ctx is the host's own per-generator
 *	scratch; no copy of @key may be left in it that outlives the generator.
 *	@out never overlaps @key.
 *
 * A zero nonce is right because no key is ever used for two streams.
 */
struct qrng_cipher {
	const char *name;
	void (*stream)(void *ctx, const u8 key[QRNG_KEY_SIZE], u32 unit, u8 *out, size_t len);
};

/** struct qrng_span - bytes that live somewhere else */
struct qrng_span {
	const void *data;
	size_t len;
};

/**
 * qrng_host_sha256() - FIPS 180-4 SHA-256 of the spans, one after the other
 * @spans: what to hash
 * @count: how many of them
 * @digest: where the 32 bytes go; may overlap a span
 */
void qrng_host_sha256(const struct qrng_span *spans, size_t count, u8 digest[QRNG_DIGEST_SIZE]);

/**
 * qrng_host_wipe() - overwrite a secret with zeroes the compiler may not leave out
 * @secret: what to wipe
 * @len: bytes
 */
void qrng_host_wipe(void *secret, size_t len);

#endif /* _QRNG_CORE_HOST_H */
