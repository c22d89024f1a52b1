// SPDX-License-Identifier: MIT
/* LoKey's three figures, held against slow ones by the letter of its documents. */
#include "suite.h"

#include <math.h>

#include "../../daemon/lokey/quality.h"
#include "random.h"

static struct qrngd_quality quality;
static struct qrngd_quality_figures figures;

static void look(const uint8_t *noise, size_t len, unsigned int window)
{
	size_t at, part;

	qrngd_quality_init(&quality, window);
	for (at = 0; at < len; at += part) {
		part = len - at < 77 ? len - at : 77;
		qrngd_quality_feed(&quality, noise + at, part);
	}
	qrngd_quality_look(&quality, &figures);
	qrngd_quality_close(&quality);
}

static void make_noise(uint8_t *to, size_t len, uint64_t state, uint8_t mask)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = (uint8_t)random_next(&state) & mask;
}

static void nothing_is_even(void **state)
{
	(void)state;
	look(NULL, 0, 512);
	assert_int_equal(figures.ones + figures.zeros, 0);
	assert_true(figures.average == 0.5);
	assert_int_equal(figures.bias_count, 0);
	assert_int_equal(figures.current_run, 0);
}

static void bits_are_counted(void **state)
{
	uint8_t noise[10000];
	uint64_t ones = 0;
	size_t i;

	(void)state;
	make_noise(noise, sizeof(noise), 1, 0x7f);
	for (i = 0; i < sizeof(noise); i++)
		ones += (uint64_t)__builtin_popcount(noise[i]);
	look(noise, sizeof(noise), 512);
	assert_int_equal(figures.ones, ones);
	assert_int_equal(figures.zeros, 80000 - ones);
	assert_true(fabs(figures.average - (double)ones / 80000) < 1e-12);
	assert_int_equal(figures.samples, 10000);
	assert_int_equal(figures.grade, QRNG_GRADE_CRITICAL);
}

static void repetitions_are_counted(void **state)
{
	uint8_t noise[200];

	(void)state;
	make_noise(noise, sizeof(noise), 2, 0xff);
	memset(noise + 50, 0x77, 35);
	look(noise, sizeof(noise), 512);
	assert_int_equal(figures.repetition_failures, 0);
	assert_int_equal(figures.last_value, 0);
	memset(noise + 50, 0x77, 36);
	look(noise, sizeof(noise), 512);
	assert_int_equal(figures.repetition_failures, 1);
	assert_int_equal(figures.last_value, 0x77);
	/* After a failure the run is one byte long: 35 more are the next failure. */
	memset(noise, 0x77, sizeof(noise));
	look(noise, 36 + 35, 512);
	assert_int_equal(figures.repetition_failures, 2);
	look(noise, 36 + 34, 512);
	assert_int_equal(figures.repetition_failures, 1);
	assert_int_equal(figures.current_run, 35);
}

/* Table of the documents' formula; for 512 they write "about 290". */
static void cutoffs_follow_the_formula(void **state)
{
	static const unsigned int cutoffs[][2] = {
		{ 256, 152 }, { 512, 290 }, { 1024, 560 }, { 2048, 1092 }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cutoffs) / sizeof(cutoffs[0]); i++) {
		look(NULL, 0, cutoffs[i][0]);
		assert_int_equal(figures.window_size, cutoffs[i][0]);
		assert_int_equal(figures.cutoff, cutoffs[i][1]);
	}
}

/* Looks through the whole window for each byte, as LoKey does. */
static uint64_t slow_bias(const uint8_t *noise, size_t len, size_t window)
{
	size_t half = window / 2, i, j, count;
	uint64_t biased = 0;

	for (i = 0; i < len; i++) {
		for (count = 0, j = i + 1 < window ? 0 : i + 1 - window; j <= i; j++)
			count += noise[j] == noise[i];
		biased += (double)count > (double)half + 3 * sqrt((double)window / 4);
	}
	return biased;
}

static void bias_is_what_a_slow_count_finds(void **state)
{
	uint8_t noise[6000];
	uint64_t choices = 5;
	size_t i, window;

	(void)state;
	for (i = 0; i < sizeof(noise); i++)
		noise[i] = random_below(&choices, 100) < 40 + i / 150 ? 0x33 : (uint8_t)(i * 7);
	for (window = 256; window <= 2048; window += 256) {
		look(noise, sizeof(noise), (unsigned int)window);
		assert_int_equal(figures.bias_count, slow_bias(noise, sizeof(noise), window));
		assert_int_not_equal(figures.bias_count, 0);
	}
}

/*
 * LoKey's cut-off is for coins, not for bytes: it does not see that there are only four
 * values. The test as SP 800-90B means it does, within a window.
 */
static void two_bits_a_byte_are_found_by_sp800_90b_alone(void **state)
{
	uint8_t noise[1024];

	(void)state;
	make_noise(noise, sizeof(noise), 9, 0x81);
	look(noise, sizeof(noise), 512);
	assert_int_equal(figures.bias_count, 0);
	assert_int_not_equal(figures.health.apt_failures, 0);
	assert_int_not_equal(figures.refused, 0);
}

static void good_noise_fails_nothing(void **state)
{
	static uint8_t noise[200000];

	(void)state;
	make_noise(noise, sizeof(noise), 10, 0xff);
	look(noise, sizeof(noise), 512);
	assert_int_equal(figures.repetition_failures + figures.bias_count + figures.refused, 0);
	assert_int_equal(figures.health.rct_failures + figures.health.apt_failures, 0);
	assert_int_equal(figures.grade, QRNG_GRADE_GOOD);
	assert_true(figures.average > 0.49 && figures.average < 0.51);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(nothing_is_even),
	cmocka_unit_test(bits_are_counted),
	cmocka_unit_test(repetitions_are_counted),
	cmocka_unit_test(cutoffs_follow_the_formula),
	cmocka_unit_test(bias_is_what_a_slow_count_finds),
	cmocka_unit_test(two_bits_a_byte_are_found_by_sp800_90b_alone),
	cmocka_unit_test(good_noise_fails_nothing),
};

SUITE(tests)
