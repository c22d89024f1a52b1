// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "sha256.h"

/**
 * qrng_sha256() - FIPS 180-4 SHA-256 of the spans, one after the other
 * @spans: what to hash
 * @count: how many of them
 * @digest: where the 32 bytes go; may overlap a span
 */
void qrng_sha256(const struct qrng_span *spans, size_t count, u8 digest[QRNG_DIGEST_SIZE])
{
	struct qrng_hash hash;
	size_t i;

	qrng_host.sha256_init(&hash);
	for (i = 0; i < count; i++)
		qrng_host.sha256_update(&hash, spans[i].data, spans[i].len);
	qrng_host.sha256_final(&hash, digest);
}

/**
 * qrng_sha256d_final() - end a running hash, and hash its digest once more
 * @hash: wiped by this
 * @digest: where SHA-256(SHA-256(what was added)) goes
 *
 * Ferguson and Schneier's SHAd-256 (Practical Cryptography, 6.4): against length
 * extension.
 */
void qrng_sha256d_final(struct qrng_hash *hash, u8 digest[QRNG_DIGEST_SIZE])
{
	const struct qrng_span inner = { digest, QRNG_DIGEST_SIZE };

	qrng_host.sha256_final(hash, digest);
	qrng_sha256(&inner, 1, digest);
}
