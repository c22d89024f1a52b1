// SPDX-License-Identifier: MIT
#include "suite.h"

#include "../../kmod/core/quantis.h"

/*
 * FIFO status as the vendor's drivers credit it: the first of these bits that is
 * set counts, in this order; depth 4096 bytes. EMPTY beats them all.
 */
static const struct {
	u32 bit;
	u32 bytes;
} credits[] = {
	{ 0x40, 4096 },	/* FULL */
	{ 0x08, 3072 },	/* FL3 */
	{ 0x04, 2048 },	/* FL2 */
	{ 0x02, 1024 },	/* FL1 */
};

/* Bits 31:8 mean nothing, and neither do bits 4 and 5, which the loop below varies. */
static const u32 nothing[] = { 0, 0x100, 0xdeadbe00, 0x80000000, 0xffffff00 };

static u32 credited_words(u32 status)
{
	size_t i;

	if (status & 0x01)
		return 0;
	for (i = 0; i < sizeof(credits) / sizeof(credits[0]); i++)
		if (status & credits[i].bit)
			return credits[i].bytes / 4;
	return 1;	/* not empty, so there is a word */
}

static void fifo_words_of_every_status(void **state)
{
	u32 status;
	size_t i;

	(void)state;
	for (status = 0; status < 0x100; status++)
		for (i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
			assert_int_equal(quantis_fifo_words(status | nothing[i]),
					 credited_words(status));
}

static void fifo_error_is_bit_seven(void **state)
{
	u32 status;
	size_t i;

	(void)state;
	for (status = 0; status < 0x100; status++)
		for (i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
			assert_int_equal(quantis_fifo_error(status | nothing[i]), status >= 0x80);
	assert_true(quantis_fifo_error(QUANTIS_ALL_ONES));
}

static void spread_gives_the_whole_register_masks(void **state)
{
	(void)state;
	assert_int_equal(quantis_modules_spread(0xf, QUANTIS_MODULE_SHUTDOWN), 0x01010101);
	assert_int_equal(quantis_modules_spread(0xf, QUANTIS_MODULE_ENABLED), 0x02020202);
	assert_int_equal(quantis_modules_spread(0xf, QUANTIS_MODULE_TEST), 0x04040404);
	assert_int_equal(quantis_modules_spread(0xf, QUANTIS_MODULE_PRESENT), 0x40404040);
	assert_int_equal(quantis_modules_spread(0xf, QUANTIS_MODULE_GOOD), 0x80808080);
	assert_int_equal(quantis_modules_spread(0x1, QUANTIS_MODULE_ENABLED), 0x00000002);
	assert_int_equal(quantis_modules_spread(0x8, QUANTIS_MODULE_ENABLED), 0x02000000);
	assert_int_equal(quantis_modules_spread(0x8, 0xff), 0xff000000);
	assert_int_equal(quantis_modules_spread(0xfffffff0, 0xff), 0);
}

static void every_mask_and_bits_round_trip(void **state)
{
	u32 modules, bits, others, word;

	(void)state;
	for (bits = 1; bits < 0x100; bits++) {
		others = quantis_modules_spread(0xf, ~bits);
		for (modules = 0; modules < 0x10; modules++) {
			word = quantis_modules_spread(modules, bits);
			assert_int_equal(quantis_modules_with(word, bits), modules);
			/* Other bits of the same bytes neither help nor hurt. */
			assert_int_equal(quantis_modules_with(word | others, bits), modules);
			assert_int_equal(word & others, 0);
		}
	}
}

static void all_of_several_bits_must_be_set(void **state)
{
	const u8 good = QUANTIS_MODULE_ENABLED | QUANTIS_MODULE_GOOD;

	(void)state;
	assert_int_equal(quantis_modules_with(0x000000c2, good), 0x1);
	assert_int_equal(quantis_modules_with(0xc2c2c2c2, good), 0xf);
	assert_int_equal(quantis_modules_with(0xc2c2c2c2, QUANTIS_MODULE_PRESENT), 0xf);
	/* Module 0 good but off, 1 on but bad, 2 both, 3 not fitted. */
	assert_int_equal(quantis_modules_with(0x00c242c0, good), 0x4);
	assert_int_equal(quantis_modules_with(0x00c242c0, QUANTIS_MODULE_PRESENT), 0x7);
	assert_int_equal(quantis_modules_with(0, good), 0);
}

static void registers_are_where_they_are(void **state)
{
	static const u32 offsets[][2] = {
		{ QUANTIS_CORE_ENABLE, 0x00 },	 { QUANTIS_CORE_DISABLE, 0x04 },
		{ QUANTIS_CORE_STATUS, 0x0c },	 { QUANTIS_CORE_VERSION, 0x1c },
		{ QUANTIS_FIFO_FLUSH, 0x20 },	 { QUANTIS_FIFO_STATUS, 0x28 },
		{ QUANTIS_FIFO_DATA, 0x2c },	 { QUANTIS_MODULE_ENABLE, 0x30 },
		{ QUANTIS_MODULE_DISABLE, 0x34 }, { QUANTIS_MODULE_STATUS, 0x3c },
		{ QUANTIS_CORE_RESET, 1 },	 { QUANTIS_BAR, 1 },
		{ QUANTIS_FIFO_WORDS, 1024 },	 { QUANTIS_MODULE_RATE, 4000000 / 8 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++)
		assert_int_equal(offsets[i][0], offsets[i][1]);
	assert_true(QUANTIS_MODULE_STATUS + 4 <= QUANTIS_BAR_SIZE);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(fifo_words_of_every_status),
	cmocka_unit_test(fifo_error_is_bit_seven),
	cmocka_unit_test(spread_gives_the_whole_register_masks),
	cmocka_unit_test(every_mask_and_bits_round_trip),
	cmocka_unit_test(all_of_several_bits_must_be_set),
	cmocka_unit_test(registers_are_where_they_are),
};

SUITE(tests)
