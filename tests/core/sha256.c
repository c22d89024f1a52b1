// SPDX-License-Identifier: MIT
/* The host's SHA-256 against the vectors of NIST's CAVP. */
#include "../../kmod/core/sha256.h"
#include "cases.h"
#include "vectors.h"

#define ROUNDS 1000 /* of the Monte Carlo test, between two of its digests */

/* In uneven pieces: where a span ends must not matter. */
static void digest_in_pieces(const struct bytes *message, u8 digest[QRNG_DIGEST_SIZE])
{
	u32 half = message->len / 2, third = message->len / 3;
	const struct qrng_span spans[] = {
		{ message->at, third },
		{ message->at + third, half - third },
		{ message->at + half, message->len - half },
	};

	qrng_sha256(spans, 3, digest);
}

static void expect_digests(struct qrng_case *c, const struct sha256_vector *vectors, u32 count)
{
	u8 digest[QRNG_DIGEST_SIZE];
	u32 i;

	for (i = 0; i < count; i++) {
		const struct sha256_vector *v = &vectors[i];
		const struct qrng_span whole = { v->message.at, v->message.len };

		c->at = v->at;
		qrng_sha256(&whole, 1, digest);
		EXPECT_BYTES(c, digest, v->digest.at, sizeof(digest));
		digest_in_pieces(&v->message, digest);
		EXPECT_BYTES(c, digest, v->digest.at, sizeof(digest));
	}
}

void case_sha256_short_messages(struct qrng_case *c)
{
	EXPECT(c, sha256_short_count == 65);
	expect_digests(c, sha256_short_vectors, sha256_short_count);
}

void case_sha256_long_messages(struct qrng_case *c)
{
	EXPECT(c, sha256_long_count == 64);
	expect_digests(c, sha256_long_vectors, sha256_long_count);
}

/* SHAVS 6.4: each digest comes of the last three, a thousand times between two results. */
void case_sha256_monte_carlo(struct qrng_case *c)
{
	u8 last[3][QRNG_DIGEST_SIZE], next[QRNG_DIGEST_SIZE];
	const struct qrng_span input = { last, sizeof(last) };
	u32 i, round;

	EXPECT(c, sha256_monte_count == 100);
	memcpy(next, sha256_monte_seed.at, sizeof(next));
	for (i = 0; i < sha256_monte_count; i++) {
		for (round = 0; round < 3; round++)
			memcpy(last[round], next, sizeof(next));
		for (round = 0; round < ROUNDS; round++) {
			qrng_sha256(&input, 1, next);
			memmove(last[0], last[1], 2 * sizeof(last[0]));
			memcpy(last[2], next, sizeof(next));
		}
		c->at = sha256_monte_vectors[i].at;
		EXPECT_BYTES(c, next, sha256_monte_vectors[i].digest.at, sizeof(next));
	}
}
