// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "erasure.h"
#include "sha256.h"

static const char seed_label[] = "qrng reseed 1";
static const u8 zero_counter[QRNG_BLOCK_SIZE];

/* One stretch of key stream: the next key, and a buffer full of output behind it. */
static void erasure_refill(struct qrng_erasure *erasure, const struct qrng_cipher *cipher,
			   void *ctx)
{
	cipher->run(ctx, erasure->state, sizeof(erasure->state));
	cipher->start(ctx, erasure->state, zero_counter);
	erasure->used = QRNG_KEY_SIZE;
}

static void erasure_draw_small(struct qrng_erasure *erasure, const struct qrng_cipher *cipher,
			       void *ctx, u8 *out, size_t len)
{
	size_t part, left;

	for (; len; out += part, len -= part) {
		if (erasure->used == sizeof(erasure->state))
			erasure_refill(erasure, cipher, ctx);
		left = sizeof(erasure->state) - erasure->used;
		part = len < left ? len : left;
		memcpy(out, erasure->state + erasure->used, part);
		qrng_wipe(erasure->state + erasure->used, part);
		erasure->used += part;
	}
}

static void run_any_length(const struct qrng_cipher *cipher, void *ctx, u8 *out, size_t len)
{
	size_t tail = len % QRNG_STREAM_UNIT;
	u8 last[QRNG_STREAM_UNIT];

	cipher->run(ctx, out, len - tail);
	if (!tail)
		return;
	cipher->run(ctx, last, sizeof(last));
	memcpy(out + len - tail, last, tail);
	qrng_wipe(last, sizeof(last));
}

/*
 * Straight to @out under a key that serves this once. Its successor is output that
 * was kept back; the key itself is gone from memory before the first byte is made,
 * and from the context with the last.
 */
static void erasure_draw_bulk(struct qrng_erasure *erasure, const struct qrng_cipher *cipher,
			      void *ctx, u8 *out, size_t len)
{
	u8 next[QRNG_KEY_SIZE];

	erasure_draw_small(erasure, cipher, ctx, next, sizeof(next));
	memcpy(erasure->state, next, sizeof(next));
	qrng_wipe(next, sizeof(next));
	run_any_length(cipher, ctx, out, len);
	cipher->start(ctx, erasure->state, zero_counter);
}

/**
 * qrng_erasure_seed() - mix a seed into the key
 * @erasure: zeroed before the first seed
 * @cipher: a stream cipher
 * @ctx: its context, this generator's alone
 * @seed: the new material; 32 bytes of full entropy make a first seed
 * @len: its bytes
 *
 * The new key is SHA-256(label, old key, seed): an attacker who knows the seed
 * still faces the old key, and one who knows the old key the seed. Output that
 * was made under the old key but not handed out is dropped.
 */
void qrng_erasure_seed(struct qrng_erasure *erasure, const struct qrng_cipher *cipher, void *ctx,
		       const void *seed, size_t len)
{
	const struct qrng_span spans[] = {
		{ seed_label, sizeof(seed_label) },
		{ erasure->state, QRNG_KEY_SIZE },
		{ seed, len },
	};

	qrng_sha256(spans, ARRAY_SIZE(spans), erasure->state);
	qrng_wipe(erasure->state + QRNG_KEY_SIZE, sizeof(erasure->state) - QRNG_KEY_SIZE);
	erasure->used = sizeof(erasure->state);
	cipher->start(ctx, erasure->state, zero_counter);
}

/**
 * qrng_erasure_draw() - hand out bytes
 * @erasure: a generator that has a seed
 * @cipher: as it was seeded with
 * @ctx: the context it was seeded with
 * @out: where they go
 * @len: how many; at most 2^38, where ChaCha20's block counter ends
 *
 * When this returns, nothing in @erasure or @ctx can make these bytes again.
 */
void qrng_erasure_draw(struct qrng_erasure *erasure, const struct qrng_cipher *cipher, void *ctx,
		       u8 *out, size_t len)
{
	if (len < sizeof(erasure->state) - QRNG_KEY_SIZE)
		erasure_draw_small(erasure, cipher, ctx, out, len);
	else
		erasure_draw_bulk(erasure, cipher, ctx, out, len);
}
