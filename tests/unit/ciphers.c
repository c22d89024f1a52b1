// SPDX-License-Identifier: MIT
/* The daemon's ciphers on as much as a long answer takes; OpenSSL knows what is right. */
#include "suite.h"

#include <openssl/evp.h>

#include "host.h"
#include "host_gcrypt.h"

/* More than any cipher is given at a time. */
#define BLOCKS 1500
#define LEN    (BLOCKS * QRNG_BLOCK_SIZE)

static struct qrng_generator *generator;
static u8 plain[LEN], found[LEN + 1], wanted[LEN];

static int set_up(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < LEN; i++)
		plain[i] = (u8)(i * i >> 5);
	if (qrngd_host_init(1) == 0)
		generator = qrngd_generator_new(&qrng_generator_fortuna);
	return generator ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	qrngd_generator_free(generator);
	return 0;
}

static void encrypt(const EVP_CIPHER *cipher, const u8 *key, const u8 *counter, const u8 *from)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int done;

	assert_int_equal(EVP_EncryptInit_ex(ctx, cipher, NULL, key, counter), 1);
	assert_int_equal(EVP_EncryptUpdate(ctx, wanted, &done, from, LEN), 1);
	assert_int_equal(done, LEN);
	EVP_CIPHER_CTX_free(ctx);
}

/* Runs of 0, 1, 2 and more blocks, one after the other. */
static void blocks_of_any_number_are_right(void **state)
{
	static const u8 keys[][QRNG_KEY_SIZE] = { "one key", "and another one" };
	size_t i, at, blocks, len;

	(void)state;
	for (i = 0; i < 2; i++) {
		encrypt(EVP_aes_256_ecb(), keys[i], NULL, plain);
		memcpy(found, plain, LEN);
		qrng_host.aes256_ecb.start(generator->ctx, keys[i], plain);
		for (at = 0, blocks = 0; at < LEN; at += len, blocks++) {
			len = blocks * QRNG_BLOCK_SIZE < LEN - at ? blocks * QRNG_BLOCK_SIZE :
								    LEN - at;
			qrng_host.aes256_ecb.run(generator->ctx, found + at, len);
		}
		assert_memory_equal(found, wanted, LEN);
	}
}

static void blocks_of_a_long_run_are_right(void **state)
{
	static const u8 key[QRNG_KEY_SIZE] = "a key";

	(void)state;
	encrypt(EVP_aes_256_ecb(), key, NULL, plain);
	memcpy(found, plain, LEN);
	qrng_host.aes256_ecb.start(generator->ctx, key, plain);
	qrng_host.aes256_ecb.run(generator->ctx, found, LEN);
	assert_memory_equal(found, wanted, LEN);
	assert_int_equal(found[LEN], 0);
}

static void a_long_key_stream_is_right(void **state)
{
	static const u8 key[QRNG_KEY_SIZE] = "a key";
	static const u8 counter[QRNG_BLOCK_SIZE] = { [14] = 0xff, [15] = 0xfe };
	static const u8 zeroes[LEN];

	(void)state;
	encrypt(EVP_aes_256_ctr(), key, counter, zeroes);
	qrng_host.aes256_ctr.start(generator->ctx, key, counter);
	qrng_host.aes256_ctr.run(generator->ctx, found, LEN);
	assert_memory_equal(found, wanted, LEN);
	assert_int_equal(found[LEN], 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(blocks_of_any_number_are_right),
	cmocka_unit_test(blocks_of_a_long_run_are_right),
	cmocka_unit_test(a_long_key_stream_is_right),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
