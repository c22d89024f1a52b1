// SPDX-License-Identifier: MIT
/*
 * The self-test is worth what it catches: here the host is wrong in one way at a
 * time. One of the core's own calls is diverted by the linker (--wrap).
 */
#include "suite.h"

#include "../../kmod/core/health.h"
#include "../../kmod/core/selftest.h"
#include "host.h"

static bool health_asleep;

enum qrng_health_verdict __real_qrng_health_feed(struct qrng_health *health, const u8 *samples,
						 size_t count);
enum qrng_health_verdict __wrap_qrng_health_feed(struct qrng_health *health, const u8 *samples,
						 size_t count);

enum qrng_health_verdict __wrap_qrng_health_feed(struct qrng_health *health, const u8 *samples,
						 size_t count)
{
	enum qrng_health_verdict verdict = __real_qrng_health_feed(health, samples, count);

	return health_asleep ? QRNG_HEALTH_PASS : verdict;
}

static const char *verdict(void)
{
	struct qrng_generator scratch;
	struct host_ctx ctx = { 0 };

	return qrng_selftest(&ctx, &scratch);
}

/* The cipher that is wrong in the tests below, by OpenSSL's name. */
static const char *wrong_cipher;

static bool is_wrong(const char *cipher)
{
	return !strcmp(cipher, wrong_cipher);
}

static void ignore_counter(struct host_ctx *ctx)
{
	if (is_wrong(ctx->cipher))
		memset(ctx->counter, 0, sizeof(ctx->counter));
}

static void ignore_key(struct host_ctx *ctx)
{
	if (is_wrong(ctx->cipher))
		memset(ctx->key, 0, sizeof(ctx->key));
}

static void flip_key_bit(struct host_ctx *ctx)
{
	if (is_wrong(ctx->cipher))
		ctx->key[31] ^= 0x80;
}

static void flip_last_bit(const char *cipher, u8 *data, size_t len)
{
	if (is_wrong(cipher))
		data[len - 1] ^= 0x80;
}

static void flip_first_bit(const char *cipher, u8 *data, size_t len)
{
	(void)len;
	if (is_wrong(cipher))
		data[0] ^= 1;
}

static void repeat_first_block(const char *cipher, u8 *data, size_t len)
{
	size_t unit = strcmp(cipher, "ChaCha20") ? QRNG_BLOCK_SIZE : QRNG_STREAM_UNIT, at;

	for (at = unit; is_wrong(cipher) && at < len; at += unit)
		memcpy(data + at, data, unit);
}

static void write_too_much(const char *cipher, u8 *data, size_t len)
{
	/* Only ChaCha20's test leaves room for it. */
	if (is_wrong(cipher) && len == 2 * QRNG_STREAM_UNIT)
		data[len] = 0;
}

static void flip_digest_bit(u8 digest[QRNG_DIGEST_SIZE])
{
	digest[31] ^= 1;
}

/* Right in all the known answers of the primitives, but not in long runs of a key stream. */
static void spoil_long_runs(const char *cipher, u8 *data, size_t len)
{
	if (is_wrong(cipher) && len > 1000)
		data[40] ^= 1;
}

static void a_right_host_passes(void **state)
{
	(void)state;
	assert_null(verdict());
}

static void assert_caught(const char *fault, const char *name)
{
	const char *said = verdict();

	host_bend_start = NULL;
	host_bend_run = NULL;
	host_bend_digest = NULL;
	if (!said || !strstr(said, name))
		diag("%s of %s, but it says: %s\n", fault, name, said ? said : "all is well");
	assert_true(said && strstr(said, name));
}

static void every_wrong_cipher_is_named(void **state)
{
	static const char *const ciphers[][2] = {
		{ "ChaCha20", "ChaCha20" },
		{ "AES-256-CTR", "AES-256-CTR" },
		{ "AES-256-ECB", "AES-256 (" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++) {
		wrong_cipher = ciphers[i][0];
		host_bend_start = ignore_key;
		assert_caught("no key", ciphers[i][1]);
		host_bend_start = flip_key_bit;
		assert_caught("wrong key", ciphers[i][1]);
		host_bend_run = flip_first_bit;
		assert_caught("wrong first bit", ciphers[i][1]);
		host_bend_run = flip_last_bit;
		assert_caught("wrong last bit", ciphers[i][1]);
		host_bend_run = repeat_first_block;
		assert_caught("repetition", ciphers[i][1]);
	}
}

static void wrong_counters_are_named(void **state)
{
	(void)state;
	host_bend_start = ignore_counter;
	wrong_cipher = "ChaCha20";
	assert_caught("no counter", "ChaCha20");
	host_bend_start = ignore_counter;
	wrong_cipher = "AES-256-CTR";
	assert_caught("no counter", "AES-256-CTR");
}

static void writing_too_much_is_named(void **state)
{
	(void)state;
	host_bend_run = write_too_much;
	wrong_cipher = "ChaCha20";
	assert_caught("a byte too many", "ChaCha20");
}

static void a_generator_that_is_wrong_is_named(void **state)
{
	(void)state;
	host_bend_run = spoil_long_runs;
	wrong_cipher = "ChaCha20";
	assert_caught("a long run", "chacha20");
	host_bend_run = spoil_long_runs;
	wrong_cipher = "AES-256-CTR";
	assert_caught("a long run", "aes256-ctr");
}

static void a_wrong_hash_is_named(void **state)
{
	(void)state;
	host_bend_digest = flip_digest_bit;
	assert_caught("a wrong bit", "SHA-256");
}

static void health_tests_that_sleep_are_named(void **state)
{
	const char *said;

	(void)state;
	health_asleep = true;
	said = verdict();
	health_asleep = false;
	assert_non_null(said);
	assert_non_null(strstr(said, "health"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_right_host_passes),
	cmocka_unit_test(every_wrong_cipher_is_named),
	cmocka_unit_test(wrong_counters_are_named),
	cmocka_unit_test(writing_too_much_is_named),
	cmocka_unit_test(a_generator_that_is_wrong_is_named),
	cmocka_unit_test(a_wrong_hash_is_named),
	cmocka_unit_test(health_tests_that_sleep_are_named),
};

SUITE(tests)
