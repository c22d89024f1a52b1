// SPDX-License-Identifier: GPL-2.0-only
/* The core's primitives, from the kernel's crypto library. */
#include <crypto/chacha.h>
#include <crypto/sha2.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "host.h"

#define KEY_WORD	4	/* RFC 8439 2.3: constants, key, counter, nonce */
#define COUNTER_WORD	12

static void chacha20_start(struct chacha_state *state, const u8 *key, u32 unit)
{
	unsigned int i;

	memset(state, 0, sizeof(*state));
	chacha_init_consts(state);
	for (i = 0; i < QRNG_KEY_SIZE / 4; i++)
		state->x[KEY_WORD + i] = get_unaligned_le32(key + 4 * i);
	state->x[COUNTER_WORD] = unit;
}

static void chacha20_stream(void *ctx, const u8 *key, u32 unit, u8 *out, size_t len)
{
	struct chacha_state state;
	u8 last[CHACHA_BLOCK_SIZE];

	chacha20_start(&state, key, unit);
	for (; len >= CHACHA_BLOCK_SIZE; len -= CHACHA_BLOCK_SIZE, out += CHACHA_BLOCK_SIZE)
		chacha20_block(&state, out);
	if (len) {
		chacha20_block(&state, last);
		memcpy(out, last, len);
		memzero_explicit(last, sizeof(last));
	}
	memzero_explicit(&state, sizeof(state));
}

const struct qrng_cipher qrng_host_chacha20 = {
	.name = "chacha20",
	.stream = chacha20_stream,
};

void qrng_host_sha256(const struct qrng_span *spans, size_t count, u8 digest[QRNG_DIGEST_SIZE])
{
	struct sha256_ctx ctx;
	size_t i;

	sha256_init(&ctx);
	for (i = 0; i < count; i++)
		sha256_update(&ctx, spans[i].data, spans[i].len);
	sha256_final(&ctx, digest);	/* wipes the context */
}

void qrng_host_wipe(void *secret, size_t len)
{
	memzero_explicit(secret, len);
}
