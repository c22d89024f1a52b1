// SPDX-License-Identifier: MIT
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "host.h"

void (*host_bend_start)(struct host_ctx *ctx);
void (*host_bend_run)(const char *cipher, u8 *data, size_t len);
void (*host_bend_digest)(u8 digest[QRNG_DIGEST_SIZE]);

static void must(int ok)
{
	if (ok == 1)
		return;
	fputs("Bail out! OpenSSL failed\n", stdout);
	exit(1);
}

static void start(void *to, const char *cipher, const u8 *key, const u8 *counter)
{
	struct host_ctx *ctx = to;

	ctx->cipher = cipher;
	memcpy(ctx->key, key, sizeof(ctx->key));
	memcpy(ctx->counter, counter, sizeof(ctx->counter));
	if (host_bend_start)
		host_bend_start(ctx);
}

static void start_chacha20(void *ctx, const u8 *key, const u8 *counter)
{
	start(ctx, "ChaCha20", key, counter);
}

static void start_aes256_ctr(void *ctx, const u8 *key, const u8 *counter)
{
	start(ctx, "AES-256-CTR", key, counter);
}

static void start_aes256_ecb(void *ctx, const u8 *key, const u8 *counter)
{
	(void)counter;
	start(ctx, "AES-256-ECB", key, (const u8[QRNG_BLOCK_SIZE]){ 0 });
}

/* Nothing is kept from call to call but key and counter: slow, and plain to see. */
static void crypt(const struct host_ctx *from, u8 *data, size_t len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int done;

	must(ctx && len <= INT_MAX);
	must(EVP_EncryptInit_ex(ctx, EVP_get_cipherbyname(from->cipher), NULL, from->key,
				from->counter));
	must(EVP_CIPHER_CTX_set_padding(ctx, 0));
	must(EVP_EncryptUpdate(ctx, data, &done, data, len));
	must(done == (int)len);
	EVP_CIPHER_CTX_free(ctx);
	if (host_bend_run)
		host_bend_run(from->cipher, data, len);
}

static void run_chacha20(void *from, u8 *data, size_t len)
{
	struct host_ctx *ctx = from;
	size_t blocks = len / QRNG_STREAM_UNIT;
	int i;

	must(len % QRNG_STREAM_UNIT == 0);
	memset(data, 0, len);
	crypt(ctx, data, len);
	for (i = 0; i < 4; i++, blocks >>= 8)
		ctx->counter[i] = blocks += ctx->counter[i];
}

static void run_aes256_ctr(void *from, u8 *data, size_t len)
{
	struct host_ctx *ctx = from;
	size_t blocks = len / QRNG_BLOCK_SIZE;
	int i;

	must(len % QRNG_BLOCK_SIZE == 0);
	memset(data, 0, len);
	crypt(ctx, data, len);
	for (i = QRNG_BLOCK_SIZE - 1; i >= 0; i--, blocks >>= 8)
		ctx->counter[i] = blocks += ctx->counter[i];
}

static void run_aes256_ecb(void *ctx, u8 *data, size_t len)
{
	must(len % QRNG_BLOCK_SIZE == 0);
	crypt(ctx, data, len);
}

static void sha256_init(struct qrng_hash *hash)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(ctx != NULL);
	must(EVP_DigestInit_ex(ctx, EVP_sha256(), NULL));
	memset(hash, 0xa5, sizeof(*hash));
	memcpy(hash, &ctx, sizeof(ctx));
}

static EVP_MD_CTX *md_of(const struct qrng_hash *hash)
{
	EVP_MD_CTX *ctx;

	memcpy(&ctx, hash, sizeof(ctx));
	return ctx;
}

static void sha256_update(struct qrng_hash *hash, const void *data, size_t len)
{
	must(EVP_DigestUpdate(md_of(hash), data, len));
}

static void sha256_final(struct qrng_hash *hash, u8 digest[QRNG_DIGEST_SIZE])
{
	must(EVP_DigestFinal_ex(md_of(hash), digest, NULL));
	EVP_MD_CTX_free(md_of(hash));
	memset(hash, 0, sizeof(*hash));
	if (host_bend_digest)
		host_bend_digest(digest);
}

static void wipe(void *secret, size_t len)
{
	OPENSSL_cleanse(secret, len);
}

const struct qrng_host qrng_host = {
	.chacha20 = { "chacha20", start_chacha20, run_chacha20 },
	.aes256_ctr = { "aes256-ctr", start_aes256_ctr, run_aes256_ctr },
	.aes256_ecb = { "aes256-ecb", start_aes256_ecb, run_aes256_ecb },
	.sha256_init = sha256_init,
	.sha256_update = sha256_update,
	.sha256_final = sha256_final,
	.wipe = wipe,
};

/**
 * host_key_stream() - the key stream from its beginning, with a zero nonce
 * @cipher: a stream cipher by OpenSSL's name, as in struct host_ctx
 * @key: 32 bytes
 * @out: where it goes; may hold anything
 * @len: below 2^31
 */
void host_key_stream(const char *cipher, const u8 key[QRNG_KEY_SIZE], u8 *out, size_t len)
{
	struct host_ctx ctx = { .cipher = cipher };

	memcpy(ctx.key, key, sizeof(ctx.key));
	memset(out, 0, len);
	crypt(&ctx, out, len);
}

/** host_sha256() - SHA-256 of one piece */
void host_sha256(const void *data, size_t len, u8 digest[QRNG_DIGEST_SIZE])
{
	must(EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL));
}
