// SPDX-License-Identifier: MIT
/*
 * libgcrypt, because nothing else that is well kept makes an AES-256-CTR key stream
 * as fast: it uses the vector AES instructions, and sets a key up in 70 ns.
 */
#include "host_gcrypt.h"

#include <stdlib.h>
#include <string.h>

#include <gcrypt.h>

#include "log.h"
#include "secret.h"
#include "selftest.h"

/* A key stream is what zeroes become; they are read so often that they stay in the cache. */
#define ZEROES_SIZE 16384

/* Blocks that AES works on at a time: enough to keep it busy, small on the stack. */
#define STRETCH 4096

/* Three handles of less than 2 KiB, which is what a context may have open. */
#define KEYS_SIZE 8192

enum cipher { CHACHA20, AES256_CTR, AES256_CFB, CIPHERS };

static const struct {
	int algorithm;
	int mode;
} modes[CIPHERS] = {
	[CHACHA20] = {GCRY_CIPHER_CHACHA20, GCRY_CIPHER_MODE_STREAM},
	[AES256_CTR] = {GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_CTR},
	[AES256_CFB] = {GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_CFB},
};

/* A handle does one cipher; each is opened when it is wanted first. */
struct context {
	gcry_cipher_hd_t handles[CIPHERS];
	enum cipher keyed; /* the only one that may hold a secret */
};

static const uint8_t zeroes[ZEROES_SIZE];
static const struct qrng_generator_type *generator_type;

/* There is no safe way to go on without arithmetic. */
static void must(gcry_error_t error, const char *what)
{
	if (!error)
		return;
	qrngd_log("%s failed inside libgcrypt (%s): giving up", what, gcry_strerror(error));
	abort();
}

static void set_key(struct context *context, enum cipher cipher, const u8 *key)
{
	gcry_cipher_hd_t *handle = &context->handles[cipher];

	if (!*handle)
		must(gcry_cipher_open(handle, modes[cipher].algorithm, modes[cipher].mode,
				      GCRY_CIPHER_SECURE),
		     "opening a cipher");
	must(gcry_cipher_setkey(*handle, key, QRNG_KEY_SIZE), "setting a key");
}

static gcry_cipher_hd_t start(struct context *context, enum cipher cipher, const u8 *key)
{
	if (context->keyed != cipher && context->handles[context->keyed])
		set_key(context, context->keyed, zeroes);
	context->keyed = cipher;
	set_key(context, cipher, key);
	return context->handles[cipher];
}

static void chacha20_start(void *ctx, const u8 key[QRNG_KEY_SIZE],
			   const u8 counter[QRNG_BLOCK_SIZE])
{
	must(gcry_cipher_setiv(start(ctx, CHACHA20, key), counter, QRNG_BLOCK_SIZE), "ChaCha20");
}

static void aes256_ctr_start(void *ctx, const u8 key[QRNG_KEY_SIZE],
			     const u8 counter[QRNG_BLOCK_SIZE])
{
	must(gcry_cipher_setctr(start(ctx, AES256_CTR, key), counter, QRNG_BLOCK_SIZE), "AES");
}

static void aes256_ecb_start(void *ctx, const u8 key[QRNG_KEY_SIZE],
			     const u8 counter[QRNG_BLOCK_SIZE])
{
	(void)counter;
	start(ctx, AES256_CFB, key);
}

static void key_stream_run(void *ctx, u8 *data, size_t len)
{
	struct context *context = ctx;
	gcry_cipher_hd_t handle = context->handles[context->keyed];
	size_t part;

	for (; len; data += part, len -= part) {
		part = len < ZEROES_SIZE ? len : ZEROES_SIZE;
		must(gcry_cipher_encrypt(handle, data, part, zeroes, part), "a key stream");
	}
}

/* A processor's register full. */
typedef uint8_t block __attribute__((vector_size(QRNG_BLOCK_SIZE)));

/* Each block of @to becomes the difference of that of @from and of the next of @to. */
static void add_next(u8 *to, const u8 *from, size_t len)
{
	block mine, next;
	size_t i;

	for (i = 0; i < len; i += sizeof(block)) {
		memcpy(&mine, from + i, sizeof(mine));
		memcpy(&next, to + i + sizeof(next), sizeof(next));
		mine ^= next;
		memcpy(to + i, &mine, sizeof(mine));
	}
}

/*
 * The library does ECB block by block, each as long as a trip through the processor, but
 * decrypts CFB many blocks at a time: P[i] = C[i] ^ E(C[i - 1]), SP 800-38A 6.3. So with our
 * blocks for C, the first of them as the IV, E() is the difference of P and the block after.
 * Behind the last there are zeroes.
 */
static void encrypt_blocks(gcry_cipher_hd_t handle, u8 *data, size_t len)
{
	const size_t behind = len - QRNG_BLOCK_SIZE;
	u8 text[STRETCH];

	memcpy(text, data + QRNG_BLOCK_SIZE, behind);
	memset(text + behind, 0, QRNG_BLOCK_SIZE);
	must(gcry_cipher_setiv(handle, data, QRNG_BLOCK_SIZE), "AES");
	must(gcry_cipher_decrypt(handle, text, len, NULL, 0), "AES");
	add_next(data, text, behind);
	memcpy(data + behind, text + behind, QRNG_BLOCK_SIZE);
	qrng_wipe(text, len);
}

static void aes256_ecb_run(void *ctx, u8 *data, size_t len)
{
	struct context *context = ctx;
	size_t part;

	for (; len; data += part, len -= part) {
		part = len < STRETCH ? len : STRETCH;
		encrypt_blocks(context->handles[AES256_CFB], data, part);
	}
}

/* libgcrypt keeps a hash in memory of its own: what is in ours is the way to it. */
static gcry_md_hd_t *md_of(struct qrng_hash *hash)
{
	return (gcry_md_hd_t *)hash->opaque;
}

static void sha256_init(struct qrng_hash *hash)
{
	must(gcry_md_open(md_of(hash), GCRY_MD_SHA256, 0), "SHA-256");
}

static void sha256_update(struct qrng_hash *hash, const void *data, size_t len)
{
	gcry_md_write(*md_of(hash), data, len);
}

static void sha256_final(struct qrng_hash *hash, u8 digest[QRNG_DIGEST_SIZE])
{
	memcpy(digest, gcry_md_read(*md_of(hash), GCRY_MD_SHA256), QRNG_DIGEST_SIZE);
	gcry_md_close(*md_of(hash)); /* wipes it */
}

static void wipe(void *secret, size_t len)
{
	explicit_bzero(secret, len);
}

const struct qrng_host qrng_host = {
	.chacha20 = {"chacha20", chacha20_start, key_stream_run},
	.aes256_ctr = {"aes256-ctr", aes256_ctr_start, key_stream_run},
	.aes256_ecb = {"aes256-ecb", aes256_ecb_start, aes256_ecb_run},
	.sha256_init = sha256_init,
	.sha256_update = sha256_update,
	.sha256_final = sha256_final,
	.wipe = wipe,
};

static void context_free(struct context *context)
{
	enum cipher cipher;

	for (cipher = 0; cipher < CIPHERS; cipher++)
		gcry_cipher_close(context->handles[cipher]); /* wipes it */
	free(context);
}

struct qrng_generator *qrngd_generator_new(const struct qrng_generator_type *type)
{
	struct qrng_generator *generator = qrngd_secret_alloc(sizeof(*generator));
	struct context *context;

	if (!generator)
		return NULL;
	context = calloc(1, sizeof(*context));
	if (!context)
		goto err_context;
	qrng_generator_init(generator, type ? type : generator_type, context);
	return generator;

err_context:
	qrngd_secret_free(generator, sizeof(*generator));
	return NULL;
}

void qrngd_generator_free(struct qrng_generator *generator)
{
	if (!generator)
		return;
	context_free(generator->ctx);
	qrngd_secret_free(generator, sizeof(*generator));
}

/* Without instructions for it AES is slow, and its tables tell of the key through the cache. */
static const struct qrng_generator_type *choose_type(void)
{
	char *features = gcry_get_config(0, "hwflist");
	bool aes = features && strstr(features, "-aes");

	gcry_free(features);
	return aes ? &qrng_generator_aes256_ctr : &qrng_generator_chacha20;
}

/*
 * Key schedules are in the library's memory, which it gets once, locks and wipes. It
 * says that it could not lock, but not what an operator could do about it.
 */
static void init_key_memory(unsigned int generators)
{
	size_t size = (size_t)generators * KEYS_SIZE;

	gcry_control(GCRYCTL_DISABLE_SECMEM_WARN);
	if (gcry_control(GCRYCTL_INIT_SECMEM, (unsigned int)size, 0))
		qrngd_log("keys may be swapped out: %zu KiB can't be locked; see RLIMIT_MEMLOCK",
			  size / 1024);
	/* Of no use with today's library, but better than an end for want of memory. */
	gcry_control(GCRYCTL_AUTO_EXPAND_SECMEM, (unsigned int)KEYS_SIZE);
}

static int init_library(unsigned int generators)
{
	if (!gcry_check_version(GCRYPT_VERSION)) {
		qrngd_log("libgcrypt %s is older than %s, which this was built with",
			  gcry_check_version(NULL), GCRYPT_VERSION);
		return -1;
	}
	/* There the library refuses ChaCha20, which the known answers are about, too. */
	if (gcry_fips_mode_active()) {
		qrngd_log("libgcrypt is in FIPS mode, in which qrngd can't work");
		return -1;
	}
	init_key_memory(generators);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED);
	return 0;
}

static int selftest(void)
{
	struct context *context = calloc(1, sizeof(*context));
	struct qrng_generator scratch;
	const char *broken;

	if (!context) {
		qrngd_log("out of memory");
		return -1;
	}
	broken = qrng_selftest(context, &scratch);
	context_free(context);
	if (!broken)
		return 0;
	qrngd_log("self-test: %s gives wrong answers: not starting", broken);
	return -1;
}

int qrngd_host_init(unsigned int generators)
{
	/* One more for the self-test. */
	if (init_library(generators + 1) != 0)
		return -1;
	generator_type = choose_type();
	return selftest();
}
