// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core's primitives, from the kernel's crypto library: there in every kernel,
 * callable in every context, and it allocates nothing. Where the machine has instructions
 * for AES, and a context was made for them, most of the work goes there.
 */
#include <crypto/aes.h>
#include <crypto/chacha.h>
#include <crypto/sha2.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "host.h"

#define KEY_WORD	4	/* RFC 8439 2.3: constants, key, counter, nonce */
#define COUNTER_WORD	12

/* More stack than the ciphers below leave key stream on. */
#define BURN_BYTES	512

/*
 * The vector code of ChaCha20 keeps words of its last blocks on the stack, the C code of
 * both ciphers the state of the last. Called from where they were called, this lies
 * over what they left.
 */
static noinline void burn_stack(void)
{
	u8 waste[BURN_BYTES];

	memzero_explicit(waste, sizeof(waste));
}

/* Whatever key was here, or in the instructions' context, is there no more. */
static void replace_key(struct qrng_host_ctx *host, const u8 key[QRNG_KEY_SIZE])
{
	BUILD_BUG_ON(sizeof(host->chacha20) > sizeof(host->aes256));
	memzero_explicit(&host->aes256, sizeof(host->aes256));
	host->expanded = false;
	qrng_skcipher_key(&host->fast, key);
}

static void chacha20_start(void *ctx, const u8 key[QRNG_KEY_SIZE],
			   const u8 counter[QRNG_BLOCK_SIZE])
{
	struct qrng_host_ctx *host = ctx;
	u32 *x = host->chacha20.x;
	unsigned int i;

	replace_key(host, key);
	chacha_init_consts(&host->chacha20);
	for (i = 0; i < QRNG_KEY_SIZE / 4; i++)
		x[KEY_WORD + i] = get_unaligned_le32(key + 4 * i);
	for (i = 0; i < QRNG_BLOCK_SIZE / 4; i++)
		x[COUNTER_WORD + i] = get_unaligned_le32(counter + 4 * i);
}

/* Zeroes, encrypted: several blocks at once, if the machine can. */
static void chacha20_run(void *ctx, u8 *data, size_t len)
{
	struct qrng_host_ctx *host = ctx;
	size_t part;

	for (; len; len -= part, data += part) {
		part = min_t(size_t, len, PAGE_SIZE);
		chacha20_crypt(&host->chacha20, data, page_address(ZERO_PAGE(0)), part);
	}
	burn_stack();
}

static void aes256_start(void *ctx, const u8 key[QRNG_KEY_SIZE],
			 const u8 counter[QRNG_BLOCK_SIZE])
{
	struct qrng_host_ctx *host = ctx;

	replace_key(host, key);
	memcpy(host->aes256.key, key, sizeof(host->aes256.key));
	memcpy(host->aes256.counter, counter, sizeof(host->aes256.counter));
}

/* Expanding fails only on a key of the wrong length. */
static const struct aes_enckey *library_key(struct qrng_host_ctx *host)
{
	if (!host->expanded) {
		aes_prepareenckey(&host->aes256.library, host->aes256.key, QRNG_KEY_SIZE);
		host->expanded = true;
	}
	return &host->aes256.library;
}

static void aes256_ctr_run(void *ctx, u8 *data, size_t len)
{
	struct qrng_host_ctx *host = ctx;
	u8 *counter = host->aes256.counter;
	const struct aes_enckey *key;

	if (host->mode == &qrng_host.aes256_ctr &&
	    qrng_skcipher_stream(&host->fast, counter, data, len))
		return;
	key = library_key(host);
	for (; len; len -= AES_BLOCK_SIZE, data += AES_BLOCK_SIZE) {
		aes_encrypt(key, data, counter);
		qrng_counter_next(counter);
	}
	burn_stack();
}

/*
 * Should the instructions fail half way, some blocks are encrypted twice. These are as
 * good as any, if not what another machine would give; nobody has seen it happen.
 */
static void aes256_ecb_run(void *ctx, u8 *data, size_t len)
{
	struct qrng_host_ctx *host = ctx;
	const struct aes_enckey *key;

	if (host->mode == &qrng_host.aes256_ecb && qrng_skcipher_blocks(&host->fast, data, len))
		return;
	key = library_key(host);
	for (; len; len -= AES_BLOCK_SIZE, data += AES_BLOCK_SIZE)
		aes_encrypt(key, data, data);
	burn_stack();
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

/**
 * qrng_host_ctx_init() - make a context that is fast for one cipher
 * @ctx: the context; qrng_host_ctx_free() gives back what it holds
 * @mode: the cipher, one of qrng_host's
 *
 * Without instructions, or memory, for it the library does the work: slower, but with
 * the same bytes.
 *
 * Context: process context, sleeps.
 */
void qrng_host_ctx_init(struct qrng_host_ctx *ctx, const struct qrng_cipher *mode)
{
	const char *name = mode == &qrng_host.aes256_ctr ? "ctr(aes)" :
			   mode == &qrng_host.aes256_ecb ? "ecb(aes)" : NULL;

	memset(ctx, 0, sizeof(*ctx));
	ctx->mode = mode;
	if (name && qrng_skcipher_init(&ctx->fast, name) &&
	    !qrng_skcipher_has_instructions(&ctx->fast))
		qrng_skcipher_free(&ctx->fast);
}

/** qrng_host_ctx_free() - wipe a context and give back what it holds */
void qrng_host_ctx_free(struct qrng_host_ctx *ctx)
{
	qrng_skcipher_free(&ctx->fast);
	memzero_explicit(ctx, sizeof(*ctx));
}

/** qrng_host_ctx_driver() - who does the work of the context's own cipher, for the log */
const char *qrng_host_ctx_driver(const struct qrng_host_ctx *ctx)
{
	return qrng_skcipher_driver(&ctx->fast) ?: "the kernel's library";
}
