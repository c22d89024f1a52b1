// SPDX-License-Identifier: MIT
/*
 * The self-test is worth what it catches: each host here is wrong in one way. Two
 * of the core's calls are diverted by the linker (--wrap).
 */
#include "suite.h"

#include "../../kmod/core/health.h"
#include "../../kmod/core/selftest.h"
#include "host.h"

static enum sha256_fault { SHA_RIGHT, SHA_BIT, SHA_LAST_SPAN, SHA_FIRST_SPAN } sha256_fault;
static bool health_asleep;

void __real_qrng_host_sha256(const struct qrng_span *spans, size_t count, u8 *digest);
void __wrap_qrng_host_sha256(const struct qrng_span *spans, size_t count, u8 *digest);
enum qrng_health_verdict __real_qrng_health_feed(struct qrng_health *health, const u8 *samples,
						 size_t count);
enum qrng_health_verdict __wrap_qrng_health_feed(struct qrng_health *health, const u8 *samples,
						 size_t count);

void __wrap_qrng_host_sha256(const struct qrng_span *spans, size_t count, u8 *digest)
{
	if (sha256_fault == SHA_LAST_SPAN)
		spans += count - 1;
	if (sha256_fault == SHA_LAST_SPAN || sha256_fault == SHA_FIRST_SPAN)
		count = 1;
	__real_qrng_host_sha256(spans, count, digest);
	if (sha256_fault == SHA_BIT)
		digest[31] ^= 1;
}

enum qrng_health_verdict __wrap_qrng_health_feed(struct qrng_health *health, const u8 *samples,
						 size_t count)
{
	enum qrng_health_verdict verdict = __real_qrng_health_feed(health, samples, count);

	return health_asleep ? QRNG_HEALTH_PASS : verdict;
}

static void ignores_unit(void *ctx, const u8 *key, u32 unit, u8 *out, size_t len)
{
	(void)ctx;
	(void)unit;
	host_key_stream(key, 0, out, len);
}

static void ignores_key(void *ctx, const u8 *key, u32 unit, u8 *out, size_t len)
{
	static const u8 zero[QRNG_KEY_SIZE];

	(void)ctx;
	(void)key;
	host_key_stream(zero, unit, out, len);
}

static void whole_units_only(void *ctx, const u8 *key, u32 unit, u8 *out, size_t len)
{
	(void)ctx;
	host_key_stream(key, unit, out, len / QRNG_STREAM_UNIT * QRNG_STREAM_UNIT);
}

static void rounds_up(void *ctx, const u8 *key, u32 unit, u8 *out, size_t len)
{
	(void)ctx;
	host_key_stream(key, unit, out,
			(len + QRNG_STREAM_UNIT - 1) / QRNG_STREAM_UNIT * QRNG_STREAM_UNIT);
}

static void repeats_one_unit(void *ctx, const u8 *key, u32 unit, u8 *out, size_t len)
{
	size_t done, part;

	(void)ctx;
	for (done = 0; done < len; done += part) {
		part = len - done < QRNG_STREAM_UNIT ? len - done : QRNG_STREAM_UNIT;
		host_key_stream(key, unit, out + done, part);
	}
}

static void flips_a_bit(void *ctx, const u8 *key, u32 unit, u8 *out, size_t len)
{
	(void)ctx;
	host_key_stream(key, unit, out, len);
	out[len - 1] ^= 0x80;
}

static void a_right_host_passes(void **state)
{
	(void)state;
	assert_null(qrng_selftest(&host_chacha20, NULL));
}

static void every_wrong_cipher_is_named(void **state)
{
	static const struct qrng_cipher wrong[] = {
		{ "ignores unit", ignores_unit },   { "ignores key", ignores_key },
		{ "whole units", whole_units_only }, { "rounds up", rounds_up },
		{ "repeats", repeats_one_unit },    { "flips a bit", flips_a_bit },
	};
	const char *verdict;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		verdict = qrng_selftest(&wrong[i], NULL);
		if (!verdict)
			diag("not caught: %s\n", wrong[i].name);
		assert_true(verdict && strstr(verdict, "ChaCha20"));
	}
}

static void every_wrong_hash_is_named(void **state)
{
	static const enum sha256_fault faults[] = { SHA_BIT, SHA_LAST_SPAN, SHA_FIRST_SPAN };
	const char *verdict;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		sha256_fault = faults[i];
		verdict = qrng_selftest(&host_chacha20, NULL);
		sha256_fault = SHA_RIGHT;
		assert_non_null(verdict);
		assert_non_null(strstr(verdict, "SHA-256"));
	}
}

static void health_tests_that_sleep_are_named(void **state)
{
	const char *verdict;

	(void)state;
	health_asleep = true;
	verdict = qrng_selftest(&host_chacha20, NULL);
	health_asleep = false;
	assert_non_null(verdict);
	assert_non_null(strstr(verdict, "health"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_right_host_passes),
	cmocka_unit_test(every_wrong_cipher_is_named),
	cmocka_unit_test(every_wrong_hash_is_named),
	cmocka_unit_test(health_tests_that_sleep_are_named),
};

SUITE(tests)
