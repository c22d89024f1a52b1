// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Counts become figures, in integers wide enough for years of noise. */
#include "metrics.h"

#define MILLION		1000000

/* A deviation this large, from a source long failed, is as bad as any. */
#define DEVIATION_MAX	0x1000000000000ull

/*
 * a * b / c, rounded down, where the product may need 128 bits; c below 2^63, and the
 * quotient fits. Bit by bit: 32-bit kernels have no division of 64 bits, and these are
 * few.
 */
static u64 multiply_divide(u64 a, u64 b, u64 c)
{
	u64 quotient = 0, rest = 0, b_quotient = 0, b_rest = 0;
	int i;

	for (i = 63; i >= 0; i--) {
		b_rest = b_rest << 1 | (b >> i & 1);
		b_quotient <<= 1;
		if (b_rest >= c) {
			b_rest -= c;
			b_quotient |= 1;
		}
	}
	for (i = 63; i >= 0; i--) {
		bool bit = a >> i & 1;

		quotient = (quotient << 1) + (bit ? b_quotient : 0);
		rest <<= 1;
		if (rest >= c) {
			rest -= c;
			quotient++;
		}
		rest += bit ? b_rest : 0;
		if (rest >= c) {
			rest -= c;
			quotient++;
		}
	}
	return quotient;
}

static u64 magnitude(s64 value)
{
	return value < 0 ? -(u64)value : (u64)value;
}

static u32 ones_of(u32 byte)
{
	u32 count = 0;

	for (; byte; byte >>= 1)
		count += byte & 1;
	return count;
}

static u32 ones_ppm(const struct qrng_tally *tally)
{
	u64 ones = 0;
	u32 i;

	for (i = 0; i < 256; i++)
		ones += tally->counts[i] * ones_of(i);
	return multiply_divide(ones, MILLION, 8 * tally->len);
}

/* Sum of (count - n/256)^2 / (n/256), all multiplied by 256 and 1000 where it is exact. */
static u64 chi_square_milli(const struct qrng_tally *tally)
{
	u64 sum = 0, off;
	u32 i;

	for (i = 0; i < 256; i++) {
		off = magnitude((s64)(256 * tally->counts[i] - tally->len));
		off = off < DEVIATION_MAX ? off : DEVIATION_MAX;
		sum += multiply_divide(1000 * off, off, 256 * tally->len);
	}
	return sum;
}

/*
 * Knuth's C, with the last byte and the first as neighbours: (n P - S^2) / (n V - S^2),
 * where S, V and P sum up deviations, their squares and the products of neighbours. It is
 * all divided by n, so that 64 bits suffice up to 2^48 bytes, and as long as there is room
 * multiplied by 2^16, so that what the division leaves does not show.
 */
static s32 correlation_ppm(const struct qrng_tally *tally)
{
	s64 sum = 0, squares = 0, scale = tally->len >> 30 ? 1 : 1 << 16, products, mean_square;
	u32 i;

	for (i = 0; i < 256; i++) {
		s32 deviation = 2 * (s32)i - 255;

		sum += deviation * (s64)tally->counts[i];
		squares += deviation * deviation * (s64)tally->counts[i];
	}
	products = tally->products + (2 * tally->last - 255) * (2 * tally->first - 255);
	mean_square = multiply_divide(scale * magnitude(sum), magnitude(sum), tally->len);
	squares = scale * squares - mean_square;
	products = scale * products - mean_square;
	if (!squares)
		return 0;
	sum = multiply_divide(magnitude(products), MILLION, squares);
	return products < 0 ? -sum : sum;
}

/**
 * qrng_figures_make() - figures out of counts
 * @figures: filled in; all zeroes when nothing was counted
 * @tally: the counts
 */
void qrng_figures_make(struct qrng_figures *figures, const struct qrng_tally *tally)
{
	memset(figures, 0, sizeof(*figures));
	if (!tally->len)
		return;
	figures->bytes = tally->len;
	figures->ones_ppm = ones_ppm(tally);
	figures->longest_run = tally->run.longest;
	figures->chi_square_milli = chi_square_milli(tally);
	figures->correlation_ppm = correlation_ppm(tally);
}
