// SPDX-License-Identifier: MIT
/* What clients offer as a seed: faults are named, random bytes pass. */
#include "suite.h"

#include "../../daemon/lokey/verdict.h"
#include "random.h"

static uint64_t choices = 8;

static void random_bytes(uint8_t *to, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = (uint8_t)random_next(&choices);
}

static void refused(const uint8_t *bytes, size_t len, const char *why)
{
	const char *fault = qrngd_verdict(bytes, len);

	if (!fault || !strstr(fault, why))
		fail_msg("%zu bytes: expected \"%s\", got \"%s\"", len, why,
			 fault ? fault : "good");
}

static void patterns_are_refused(void **state)
{
	uint8_t bytes[64];
	size_t i, len;

	(void)state;
	for (len = QRNGD_OFFER_MIN; len <= sizeof(bytes); len++) {
		memset(bytes, 0x5a, len);
		refused(bytes, len, "one byte over and over");
		for (i = 0; i < len; i++)
			bytes[i] = i & 2 ? 0x00 : 0xff;
		refused(bytes, len, "FFFF0000");
		for (i = 0; i < len; i++)
			bytes[i] = (uint8_t)i;
		refused(bytes, len, "counts");
		for (i = 0; i < len; i++)
			bytes[i] = (uint8_t)(250 - 3 * i);
		refused(bytes, len, "counts");
		for (i = 0; i < len; i++)
			bytes[i] = "seed"[i % 4];
		refused(bytes, len, "repeats itself");
	}
}

static void repetition_is_refused(void **state)
{
	uint8_t bytes[1024];
	size_t i;

	(void)state;
	random_bytes(bytes, 256);
	for (i = 256; i < sizeof(bytes); i++)
		bytes[i] = bytes[i - 256];
	refused(bytes, sizeof(bytes), "repeats itself");
	refused(bytes, 512, "repeats itself");
	assert_null(qrngd_verdict(bytes, 500));
}

static void what_is_too_short_is_refused(void **state)
{
	const uint8_t bytes[] = { 0x8b, 0x12, 0xf0, 0x3c, 0x99, 0x41, 0xd7, 0x6e };
	size_t len;

	(void)state;
	for (len = 0; len < QRNGD_OFFER_MIN; len++)
		refused(bytes, len, "shorter than 8 bytes");
	assert_null(qrngd_verdict(bytes, sizeof(bytes)));
}

/* As a device that has gone reads: LoKey looks for 0xff alone. */
static void more_than_nine_tenths_of_a_byte_are_refused(void **state)
{
	uint8_t bytes[100];

	(void)state;
	random_bytes(bytes, sizeof(bytes));
	memset(bytes + 3, 0xff, 91);
	refused(bytes, sizeof(bytes), "more than nine tenths");
	memset(bytes + 3, 0x20, 91);
	refused(bytes, sizeof(bytes), "more than nine tenths");
}

static void few_values_are_refused(void **state)
{
	uint8_t bytes[256];
	size_t i;

	(void)state;
	random_bytes(bytes, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] &= 7;
	refused(bytes, sizeof(bytes), "3 bits of entropy");
}

/* Its histogram is as even as can be. */
static void a_run_among_good_bytes_is_refused(void **state)
{
	uint8_t bytes[2000];

	(void)state;
	random_bytes(bytes, sizeof(bytes));
	memset(bytes + 700, bytes[700], 40);
	refused(bytes, sizeof(bytes), "comes too often");
}

static void random_bytes_pass(void **state)
{
	uint8_t bytes[4096];
	size_t len;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		len = 16 + (size_t)i % 48;
		random_bytes(bytes, len);
		assert_null(qrngd_verdict(bytes, len));
	}
	for (i = 0; i < 50; i++) {
		random_bytes(bytes, sizeof(bytes));
		assert_null(qrngd_verdict(bytes, sizeof(bytes)));
	}
}

/* Nobody may keep the daemon busy: each byte but the last repeats what came two before. */
static void a_megabyte_takes_no_time(void **state)
{
	size_t len = 1 << 20, i;
	uint8_t *bytes = test_malloc(len);

	(void)state;
	for (i = 0; i < len; i++)
		bytes[i] = i & 1 ? 0xaa : 0x55;
	bytes[len - 1] = 0;
	refused(bytes, len, "3 bits of entropy");
	test_free(bytes);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(patterns_are_refused),
	cmocka_unit_test(repetition_is_refused),
	cmocka_unit_test(what_is_too_short_is_refused),
	cmocka_unit_test(more_than_nine_tenths_of_a_byte_are_refused),
	cmocka_unit_test(few_values_are_refused),
	cmocka_unit_test(a_run_among_good_bytes_is_refused),
	cmocka_unit_test(random_bytes_pass),
	cmocka_unit_test(a_megabyte_takes_no_time),
};

SUITE(tests)
