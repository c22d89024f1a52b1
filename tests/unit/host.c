// SPDX-License-Identifier: MIT
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "host.h"

static void must(int ok)
{
	if (ok == 1)
		return;
	fputs("Bail out! OpenSSL failed\n", stdout);
	exit(1);
}

/**
 * host_key_stream() - ChaCha20 key stream with a zero nonce
 * @key: 32 bytes
 * @unit: the block to begin with
 * @out: where it goes; may hold anything
 * @len: below 2^31
 */
void host_key_stream(const u8 key[QRNG_KEY_SIZE], u32 unit, u8 *out, size_t len)
{
	/* OpenSSL's IV: a 32-bit little-endian block number, then the nonce. */
	u8 iv[16] = { unit, unit >> 8, unit >> 16, unit >> 24 };
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int done;

	must(ctx && len <= INT_MAX);
	memset(out, 0, len);
	must(EVP_EncryptInit_ex(ctx, EVP_chacha20(), NULL, key, iv));
	must(EVP_EncryptUpdate(ctx, out, &done, out, len));
	must(done == (int)len);
	EVP_CIPHER_CTX_free(ctx);
}

/** host_sha256() - SHA-256 of one piece */
void host_sha256(const void *data, size_t len, u8 digest[QRNG_DIGEST_SIZE])
{
	must(EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL));
}

static void stream(void *ctx, const u8 key[QRNG_KEY_SIZE], u32 unit, u8 *out, size_t len)
{
	(void)ctx;
	host_key_stream(key, unit, out, len);
}

const struct qrng_cipher host_chacha20 = { "chacha20", stream };

void qrng_host_sha256(const struct qrng_span *spans, size_t count, u8 digest[QRNG_DIGEST_SIZE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t i;

	must(ctx != NULL);
	must(EVP_DigestInit_ex(ctx, EVP_sha256(), NULL));
	for (i = 0; i < count; i++)
		must(EVP_DigestUpdate(ctx, spans[i].data, spans[i].len));
	must(EVP_DigestFinal_ex(ctx, digest, NULL));
	EVP_MD_CTX_free(ctx);
}

void qrng_host_wipe(void *secret, size_t len)
{
	OPENSSL_cleanse(secret, len);
}
