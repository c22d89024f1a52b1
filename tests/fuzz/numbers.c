// SPDX-License-Identifier: MIT
/* Numbers on their way from random bytes to text: in range, and read back as they were. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "digits.h"
#include "draw.h"
#include "host_gcrypt.h"
#include "pick.h"
#include "require.h"

/* Where bytes come from once those of the input are used up. */
static struct qrngd_supply supply;

static void wipe_supply(void)
{
	qrngd_supply_wipe(&supply);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const uint8_t seed[QRNGD_SEED_SIZE];

	(void)argc;
	(void)argv;
	require(qrngd_host_init(1) == 0 && qrngd_supply_init(&supply, NULL) == 0);
	atexit(wipe_supply);
	qrng_generator_reseed(supply.generator, seed, sizeof(seed), 1);
	return 0;
}

static void check_digits(uint64_t value)
{
	char text[QRNGD_DIGITS_MAX], wanted[QRNGD_DIGITS_MAX + 1];
	size_t len = qrngd_digits(text, value);

	snprintf(wanted, sizeof(wanted), "%" PRIu64, value);
	require(len == strlen(wanted) && memcmp(text, wanted, len) == 0);
}

static void check_base(uint64_t value, unsigned int base)
{
	char text[65];
	size_t len = qrngd_digits_base(text, value, base);

	require(len <= 64);
	text[len] = '\0';
	require(len == strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz"));
	require(strtoull(text, NULL, (int)base) == value);
	require(text[0] != '0' || len == 1);
}

static uint64_t power_of_ten(unsigned int places)
{
	uint64_t power = 1;

	while (places--)
		power *= 10;
	return power;
}

static void check_fraction(uint64_t value, unsigned int places)
{
	char text[QRNGD_DIGITS_MAX + 3];
	size_t len;

	value %= power_of_ten(places);
	len = qrngd_digits_fraction(text, value, places);
	require(len == places + 2);
	text[len] = '\0';
	require(memcmp(text, "0.", 2) == 0 && strspn(text + 2, "0123456789") == places);
	require(strtoull(text + 2, NULL, 10) == value);
}

static void check_double(uint64_t bits)
{
	char text[QRNGD_DOUBLE_MAX], *end;
	double value;
	size_t len;

	memcpy(&value, &bits, sizeof(value));
	if (!isfinite(value))
		return;
	len = qrngd_digits_double(text, value);
	require(len == strlen(text) && len < sizeof(text));
	require(strtod(text, &end) == value && !*end);
	/* As JSON has it: no hexadecimal, no blank, a digit at either end. */
	require(len == strspn(text, "-+.e0123456789") && text[0] != '+' && text[0] != '.');
}

static void check_draws(struct qrngd_draw *draw, uint64_t limit)
{
	double unit = qrngd_draw_unit(draw), scaled = ldexp(unit, 53);

	if (limit)
		require(qrngd_draw_below(draw, limit) < limit);
	require(unit >= 0 && unit < 1 && scaled == floor(scaled));
	require(isfinite(qrngd_draw_gaussian(draw)) && fabs(qrngd_draw_gaussian(draw)) < 13);
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* All of them different, all of them in range; with as many as there are, all of these. */
static void check_pick(struct qrngd_draw *draw, uint64_t limit, size_t count)
{
	uint64_t numbers[64];
	struct qrngd_pick *pick;
	size_t i;

	count = limit && count > limit ? limit : count;
	pick = qrngd_pick(draw, limit, count);
	require(pick);
	for (i = 0; i < count; i++)
		numbers[i] = qrngd_pick_get(pick, i);
	qrngd_pick_free(pick);
	qsort(numbers, count, sizeof(numbers[0]), by_size);
	for (i = 0; i < count; i++) {
		require(!limit || numbers[i] < limit);
		require(!i || numbers[i - 1] < numbers[i]);
		require(count != limit || numbers[i] == i);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct qrngd_draw draw;
	uint64_t value, limit;

	if (size < 18 || size > 18 + sizeof(draw.bytes))
		return 0;
	memcpy(&value, data, sizeof(value));
	memcpy(&limit, data + 8, sizeof(limit));
	check_digits(value);
	check_base(value, 2 + data[16] % (QRNGD_BASE_MAX - 1));
	check_fraction(value, 1 + data[17] % 18);
	check_double(value);
	draw = (struct qrngd_draw){ .supply = &supply, .left = (size - 18) & ~(size_t)7 };
	memcpy(draw.bytes + sizeof(draw.bytes) - draw.left, data + 18, draw.left);
	check_draws(&draw, limit);
	/* Large tables are what picks cost, whatever their size. */
	if (data[16] % 16 == 0)
		check_pick(&draw, limit >> data[17] % 64, data[16] / 4);
	return 0;
}
