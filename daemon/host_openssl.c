// SPDX-License-Identifier: MIT
#include "host_openssl.h"

#include <limits.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "log.h"
#include "secret.h"
#include "selftest.h"

/* OpenSSL wants an int; whole units, so that a stream never stops inside one. */
#define UPDATE_MAX ((size_t)INT_MAX / QRNG_STREAM_UNIT * QRNG_STREAM_UNIT)

/* There is no safe way to go on without arithmetic. */
static void must(int ok, const char *what)
{
	if (ok == 1)
		return;
	qrngd_log("%s failed inside OpenSSL: giving up", what);
	abort();
}

/* OpenSSL's ChaCha20 takes counter and nonce as one: 32 bits little-endian, 96 bits. */
static void chacha20_start(EVP_CIPHER_CTX *evp, const u8 key[QRNG_KEY_SIZE], u32 unit)
{
	u8 iv[16] = { (u8)unit, (u8)(unit >> 8), (u8)(unit >> 16), (u8)(unit >> 24) };

	must(EVP_EncryptInit_ex(evp, NULL, NULL, key, iv), "ChaCha20 key set-up");
}

/* The key stream is what zeroes become. */
static void chacha20_update(EVP_CIPHER_CTX *evp, u8 *out, size_t len)
{
	int done;

	while (len) {
		size_t part = len < UPDATE_MAX ? len : UPDATE_MAX;

		memset(out, 0, part);
		must(EVP_EncryptUpdate(evp, out, &done, out, (int)part), "ChaCha20");
		out += part;
		len -= part;
	}
}

/*
 * OpenSSL keeps the key, and the key stream of a unit that was not used up, in its
 * context. Neither may outlive the draw: the tail is made as a whole unit of our
 * own, and a key of zeroes takes the place of the real one.
 */
static void chacha20_stream(void *ctx, const u8 key[QRNG_KEY_SIZE], u32 unit, u8 *out, size_t len)
{
	static const u8 no_key[QRNG_KEY_SIZE];
	size_t tail = len % QRNG_STREAM_UNIT;
	u8 last[QRNG_STREAM_UNIT];

	chacha20_start(ctx, key, unit);
	chacha20_update(ctx, out, len - tail);
	if (tail) {
		chacha20_update(ctx, last, sizeof(last));
		memcpy(out + len - tail, last, tail);
		qrng_host_wipe(last, sizeof(last));
	}
	chacha20_start(ctx, no_key, 0);
}

static const struct qrng_cipher chacha20 = {
	.name = "chacha20",
	.stream = chacha20_stream,
};

void qrng_host_sha256(const struct qrng_span *spans, size_t count, u8 digest[QRNG_DIGEST_SIZE])
{
	EVP_MD_CTX *evp = EVP_MD_CTX_new();
	size_t i;

	must(evp != NULL, "SHA-256 set-up");
	must(EVP_DigestInit_ex(evp, EVP_sha256(), NULL), "SHA-256 set-up");
	for (i = 0; i < count; i++)
		must(EVP_DigestUpdate(evp, spans[i].data, spans[i].len), "SHA-256");
	must(EVP_DigestFinal_ex(evp, digest, NULL), "SHA-256");
	EVP_MD_CTX_free(evp);
}

void qrng_host_wipe(void *secret, size_t len)
{
	OPENSSL_cleanse(secret, len);
}

struct qrng_generator *qrngd_generator_new(void)
{
	struct qrng_generator *generator = qrngd_secret_alloc(sizeof(*generator));
	EVP_CIPHER_CTX *evp;

	if (!generator)
		return NULL;
	evp = EVP_CIPHER_CTX_new();
	if (!evp)
		goto err_evp;
	must(EVP_EncryptInit_ex(evp, EVP_chacha20(), NULL, NULL, NULL), "ChaCha20 set-up");
	qrng_generator_init(generator, &chacha20, evp);
	return generator;

err_evp:
	qrngd_secret_free(generator, sizeof(*generator));
	return NULL;
}

void qrngd_generator_free(struct qrng_generator *generator)
{
	if (!generator)
		return;
	EVP_CIPHER_CTX_free(generator->ctx);
	qrngd_secret_free(generator, sizeof(*generator));
}

const char *qrngd_host_selftest(void)
{
	struct qrng_generator *generator = qrngd_generator_new();
	const char *broken = "memory for a generator";

	if (!generator)
		return broken;
	broken = qrng_selftest(generator->cipher, generator->ctx);
	qrngd_generator_free(generator);
	return broken;
}
