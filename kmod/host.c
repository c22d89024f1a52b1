// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core's primitives, from the kernel's crypto library: there in every kernel,
 * callable in every context, and it allocates nothing.
 */
#include <crypto/aes.h>
#include <crypto/chacha.h>
#include <crypto/sha2.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "host.h"

#define KEY_WORD	4	/* RFC 8439 2.3: constants, key, counter, nonce */
#define COUNTER_WORD	12

static void chacha20_start(void *ctx, const u8 key[QRNG_KEY_SIZE],
			   const u8 counter[QRNG_BLOCK_SIZE])
{
	struct chacha_state *state = &((struct qrng_host_ctx *)ctx)->chacha20;
	unsigned int i;

	memzero_explicit(ctx, sizeof(struct qrng_host_ctx));
	chacha_init_consts(state);
	for (i = 0; i < QRNG_KEY_SIZE / 4; i++)
		state->x[KEY_WORD + i] = get_unaligned_le32(key + 4 * i);
	for (i = 0; i < QRNG_BLOCK_SIZE / 4; i++)
		state->x[COUNTER_WORD + i] = get_unaligned_le32(counter + 4 * i);
}

static void chacha20_run(void *ctx, u8 *data, size_t len)
{
	struct chacha_state *state = &((struct qrng_host_ctx *)ctx)->chacha20;

	for (; len; len -= CHACHA_BLOCK_SIZE, data += CHACHA_BLOCK_SIZE)
		chacha20_block(state, data);
}

/* Expanding fails only on a key of the wrong length. */
static void aes256_start(void *ctx, const u8 key[QRNG_KEY_SIZE],
			 const u8 counter[QRNG_BLOCK_SIZE])
{
	struct qrng_host_ctx *host = ctx;

	memzero_explicit(host, sizeof(*host));
	aes_prepareenckey(&host->aes256.key, key, QRNG_KEY_SIZE);
	memcpy(host->aes256.counter, counter, sizeof(host->aes256.counter));
}

static void aes256_ctr_run(void *ctx, u8 *data, size_t len)
{
	struct qrng_host_ctx *host = ctx;

	for (; len; len -= AES_BLOCK_SIZE, data += AES_BLOCK_SIZE) {
		aes_encrypt(&host->aes256.key, data, host->aes256.counter);
		qrng_counter_next(host->aes256.counter);
	}
}

static void aes256_ecb_run(void *ctx, u8 *data, size_t len)
{
	struct qrng_host_ctx *host = ctx;

	for (; len; len -= AES_BLOCK_SIZE, data += AES_BLOCK_SIZE)
		aes_encrypt(&host->aes256.key, data, data);
}

static struct sha256_ctx *sha256_of(struct qrng_hash *hash)
{
	BUILD_BUG_ON(sizeof(struct sha256_ctx) > sizeof(hash->opaque));
	return (struct sha256_ctx *)hash->opaque;
}

static void host_sha256_init(struct qrng_hash *hash)
{
	sha256_init(sha256_of(hash));
}

static void host_sha256_update(struct qrng_hash *hash, const void *data, size_t len)
{
	sha256_update(sha256_of(hash), data, len);
}

static void host_sha256_final(struct qrng_hash *hash, u8 digest[QRNG_DIGEST_SIZE])
{
	sha256_final(sha256_of(hash), digest);
	memzero_explicit(hash, sizeof(*hash));
}

static void host_wipe(void *secret, size_t len)
{
	memzero_explicit(secret, len);
}

const struct qrng_host qrng_host = {
	.chacha20 = { "chacha20", chacha20_start, chacha20_run },
	.aes256_ctr = { "aes256-ctr", aes256_start, aes256_ctr_run },
	.aes256_ecb = { "aes256-ecb", aes256_start, aes256_ecb_run },
	.sha256_init = host_sha256_init,
	.sha256_update = host_sha256_update,
	.sha256_final = host_sha256_final,
	.wipe = host_wipe,
};
