// SPDX-License-Identifier: MIT
#include "suite.h"

#include "../../kmod/core/metrics.h"
#include "random.h"
#include "vectors_metrics.h"

#define BLOCK	QRNG_METRICS_BLOCK
#define MOST	100000

static u8 noise[MOST];
static struct qrng_metrics metrics;
static struct qrng_tally scratch;
static struct qrng_figures figures;

static int start_anew(void **state)
{
	(void)state;
	qrng_metrics_init(&metrics);
	return 0;
}

/* As splitmix() of vectors.py. */
static void make_noise(uint64_t seed, u8 mask, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		noise[i] = random_next(&seed) & mask;
}

/* As counting(). */
static void make_counting(u32 start, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		noise[i] = (start + i) % 251;
}

/* Each of 256 terms of chi-square is rounded down to a thousandth, correlation once. */
static void assert_figures(const struct qrng_figures *got, const struct qrng_figures *want)
{
	assert_int_equal(got->bytes, want->bytes);
	assert_int_equal(got->ones_ppm, want->ones_ppm);
	assert_int_equal(got->longest_run, want->longest_run);
	assert_in_range(got->chi_square_milli + 256, want->chi_square_milli,
			want->chi_square_milli + 256);
	assert_in_range(got->correlation_ppm + 1000001, want->correlation_ppm + 1000000,
			want->correlation_ppm + 1000002);
}

static void feed_in_pieces(size_t len, uint64_t seed)
{
	size_t at, part;

	for (at = 0; at < len; at += part) {
		part = random_below(&seed, random_below(&seed, 2) ? 5 : 2000);
		part = part < len - at ? part : len - at;
		qrng_metrics_feed(&metrics, noise + at, part);
	}
}

static void totals_are_those_of_the_vectors(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(metrics_vectors) / sizeof(metrics_vectors[0]); i++) {
		start_anew(state);
		if (metrics_vectors[i].counting)
			make_counting(metrics_vectors[i].seed, metrics_vectors[i].size);
		else
			make_noise(metrics_vectors[i].seed, metrics_vectors[i].mask,
				   metrics_vectors[i].size);
		feed_in_pieces(metrics_vectors[i].size, i);
		qrng_metrics_total(&metrics, &scratch, &figures);
		assert_figures(&figures, &metrics_vectors[i].figures);
	}
}

static void nothing_is_all_zeroes(void **state)
{
	static const struct qrng_figures zeroes;

	(void)state;
	qrng_metrics_total(&metrics, &scratch, &figures);
	assert_memory_equal(&figures, &zeroes, sizeof(zeroes));
	qrng_metrics_window(&metrics, &scratch, &figures);
	assert_memory_equal(&figures, &zeroes, sizeof(zeroes));
}

/* The window's figures are those of a fresh start with just the bytes it covers. */
static void the_window_covers_the_last_bytes(void **state)
{
	struct qrng_figures fresh;
	struct qrng_metrics other;
	size_t len, covered, full;

	(void)state;
	make_noise(9, 255, MOST);
	for (len = 1; len < 12000; len += len < 600 ? 1 : 97) {
		start_anew(state);
		qrng_metrics_feed(&metrics, noise, len);
		qrng_metrics_window(&metrics, &scratch, &figures);
		full = len / BLOCK < 7 ? len / BLOCK : 7;
		covered = full * BLOCK + len % BLOCK;
		qrng_metrics_init(&other);
		qrng_metrics_feed(&other, noise + len - covered, covered);
		qrng_metrics_total(&other, &scratch, &fresh);
		assert_int_equal(figures.bytes, covered);
		assert_memory_equal(&figures, &fresh, sizeof(fresh));
	}
}

static u64 longest_run_of(size_t len)
{
	u64 run = 0, longest = 0;
	u32 bit, last = 2;
	size_t i;

	for (i = 0; i < 8 * len; i++) {
		bit = noise[i / 8] >> (7 - i % 8) & 1;
		run = bit == last ? run + 1 : 1;
		longest = run > longest ? run : longest;
		last = bit;
	}
	return longest;
}

/* Noise of long runs, so that they cross blocks, fill them, and begin and end anywhere. */
static void runs_are_found_across_blocks(void **state)
{
	uint64_t choice = 5;
	size_t i, round, end;

	(void)state;
	for (round = 0; round < 200; round++) {
		start_anew(state);
		for (i = 0; i < 4000; i = end) {
			end = i + 1 + random_below(&choice, random_below(&choice, 2) ? 3 : 1500);
			end = end < 4000 ? end : 4000;
			memset(noise + i, random_below(&choice, 2) ? 0xff : 0, end - i);
			if (random_below(&choice, 4))
				noise[end - 1] = random_next(&choice);
		}
		feed_in_pieces(4000, round);
		qrng_metrics_total(&metrics, &scratch, &figures);
		assert_int_equal(figures.longest_run, longest_run_of(4000));
	}
}

static void repetitions_are_counted(void **state)
{
	(void)state;
	memset(noise, 0x55, 1000);
	qrng_metrics_feed(&metrics, noise, 35);
	assert_int_equal(metrics.repetitions, 0);
	qrng_metrics_feed(&metrics, noise, 1);
	assert_int_equal(metrics.repetitions, 1);
	/* The 36th begins the next run of 36. */
	qrng_metrics_feed(&metrics, noise, 34);
	assert_int_equal(metrics.repetitions, 1);
	qrng_metrics_feed(&metrics, noise, 1);
	assert_int_equal(metrics.repetitions, 2);
	/* Across blocks, too. */
	qrng_metrics_feed(&metrics, noise, 700);
	assert_int_equal(metrics.repetitions, 22);
}

static void bias_is_counted(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < BLOCK; i++)
		noise[i] = i < 289 ? 7 : 10 + i % 200;
	qrng_metrics_feed(&metrics, noise, BLOCK);
	assert_int_equal(metrics.biased, 0);
	noise[400] = noise[500] = 7;
	qrng_metrics_feed(&metrics, noise, BLOCK);
	assert_int_equal(metrics.biased, 2);
}

static void grades_have_their_borders(void **state)
{
	(void)state;
	assert_int_equal(qrng_metrics_grade(500000), QRNG_GRADE_GOOD);
	assert_int_equal(qrng_metrics_grade(490000), QRNG_GRADE_GOOD);
	assert_int_equal(qrng_metrics_grade(510000), QRNG_GRADE_GOOD);
	assert_int_equal(qrng_metrics_grade(489999), QRNG_GRADE_WARNING);
	assert_int_equal(qrng_metrics_grade(510001), QRNG_GRADE_WARNING);
	assert_int_equal(qrng_metrics_grade(450000), QRNG_GRADE_WARNING);
	assert_int_equal(qrng_metrics_grade(550000), QRNG_GRADE_WARNING);
	assert_int_equal(qrng_metrics_grade(449999), QRNG_GRADE_CRITICAL);
	assert_int_equal(qrng_metrics_grade(550001), QRNG_GRADE_CRITICAL);
	assert_int_equal(qrng_metrics_grade(0), QRNG_GRADE_CRITICAL);
}

/* After years the sums are large; every value as often as any other, but for a few. */
static void years_of_noise_fit(void **state)
{
	static const u32 widths[] = { 20, 30, 36, 40 };
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		memset(&scratch, 0, sizeof(scratch));
		for (k = 0; k < 256; k++)
			scratch.counts[k] = 1ull << widths[i];
		scratch.len = 256ull << widths[i];
		scratch.products = (s64)(scratch.len / 2) * 5461;
		qrng_figures_make(&figures, &scratch);
		assert_int_equal(figures.ones_ppm, 500000);
		assert_int_equal(figures.chi_square_milli, 0);
		/* The mean square of a deviation is (4 * 256^2 - 4) / 12 = 21845; 5461 / 2 of it. */
		assert_in_range(figures.correlation_ppm, 124990, 125000);
		/* One value 2^10 times more often, another less: 2 * 2^20 / 2^width. */
		scratch.counts[3] += 1 << 10;
		scratch.counts[9] -= 1 << 10;
		qrng_figures_make(&figures, &scratch);
		assert_int_equal(figures.chi_square_milli, 2 * ((1000ull << 20) >> widths[i]));
	}
	/* A source that sends but one value: as bad as a figure can be, and no overflow. */
	memset(&scratch, 0, sizeof(scratch));
	scratch.counts[255] = scratch.len = 1ull << 47;
	scratch.products = (s64)(scratch.len - 1) * 255 * 255;
	scratch.first = scratch.last = 255;
	qrng_figures_make(&figures, &scratch);
	assert_int_equal(figures.ones_ppm, 1000000);
	assert_true(figures.chi_square_milli > 1ull << 50);
	assert_int_equal(figures.correlation_ppm, 0);
}

#define TEST(test) cmocka_unit_test_setup(test, start_anew)

static const struct CMUnitTest tests[] = {
	TEST(totals_are_those_of_the_vectors),
	TEST(nothing_is_all_zeroes),
	TEST(the_window_covers_the_last_bytes),
	TEST(runs_are_found_across_blocks),
	TEST(repetitions_are_counted),
	TEST(bias_is_counted),
	TEST(grades_have_their_borders),
	TEST(years_of_noise_fit),
};

SUITE(tests)
