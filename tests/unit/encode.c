// SPDX-License-Identifier: MIT
/* Bytes as text. Both ways to hexadecimal are tried, whatever this processor has. */
#include "suite.h"

#include "../../daemon/encode.h"
#include "../../daemon/hex.h"

#define LONGEST 200

static uint8_t bytes[LONGEST];

static int set_up(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 167 + 11);
	return 0;
}

/* In memory of nearly that size, so that what goes too far is found. */
static void expect_text(size_t (*encode)(char *, const uint8_t *, size_t), size_t from, size_t len)
{
	char *text = malloc(2 * len + 1), wanted[2 * LONGEST + 1];
	uint8_t *copy = malloc(len + 1);
	size_t i, done;

	memcpy(copy, bytes + from, len);
	text[2 * len] = '.';
	for (i = 0; i < len; i++)
		snprintf(wanted + 2 * i, 3, "%02x", bytes[from + i]);
	done = encode(text, copy, len);
	assert_true(done <= 2 * len);
	assert_memory_equal(text, wanted, done);
	assert_int_equal(text[2 * len], '.');
	free(text);
	free(copy);
}

static size_t all_of_it(char *to, const uint8_t *from, size_t len)
{
	size_t done = qrngd_hex(to, from, len);

	assert_int_equal(done, QRNGD_HEX_SIZE(len));
	return done;
}

static size_t by_vectors(char *to, const uint8_t *from, size_t len)
{
	size_t done = qrngd_hex_vectors(to, from, len);

	assert_int_equal(done, len - len % 16);
	return QRNGD_HEX_SIZE(done);
}

static void hexadecimal_of_any_length(void **state)
{
	size_t len;

	(void)state;
	for (len = 0; len < LONGEST - 50; len++) {
		expect_text(all_of_it, len % 50, len);
		expect_text(by_vectors, len % 50, len);
	}
}

static void back_from_hexadecimal(void **state)
{
	char text[QRNGD_HEX_SIZE(LONGEST) + 1] = "";
	uint8_t back[LONGEST];

	(void)state;
	qrngd_hex(text, bytes, LONGEST);
	assert_true(qrngd_unhex(back, text, LONGEST));
	assert_memory_equal(back, bytes, LONGEST);
	text[3] = 'A';
	assert_false(qrngd_unhex(back, text, LONGEST));
	assert_true(qrngd_unhex_any(back, text, LONGEST));
	text[QRNGD_HEX_SIZE(LONGEST) - 1] = 'g';
	assert_false(qrngd_unhex_any(back, text, LONGEST));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(hexadecimal_of_any_length, set_up),
	cmocka_unit_test_setup(back_from_hexadecimal, set_up),
};

SUITE(tests)
