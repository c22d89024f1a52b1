// SPDX-License-Identifier: MIT
#include "verdict.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "health.h"
#include "host.h"

/* LoKey's bound, in bits a byte. */
#define ENTROPY_MIN 3.0

/* Fewer bytes than these often repeat one or two, and are held to less. */
#define ENTROPY_LEN 16

#define PERIOD_MAX 256

static bool is_unlocked_chip(const uint8_t *bytes, size_t len)
{
	static const uint8_t pattern[] = { 0xff, 0xff, 0x00, 0x00 };
	size_t i;

	for (i = 0; i < len && bytes[i] == pattern[i % 4]; i++)
		;
	return i == len;
}

static bool is_mostly_one(const size_t counts[256], size_t len)
{
	unsigned int value;

	for (value = 0; value < 256; value++)
		if (counts[value] > len - len / 10)
			return true;
	return false;
}

/* 0, 1, 2 ... or 255, 252, 249 ... */
static bool is_counting(const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 2; i < len; i++)
		if ((uint8_t)(bytes[i] - bytes[i - 1]) != (uint8_t)(bytes[1] - bytes[0]))
			return false;
	return true;
}

/* Longer periods are no slip of the hand, and looking for them takes long. */
static bool is_periodic(const uint8_t *bytes, size_t len)
{
	size_t period;

	for (period = 1; period <= len / 2 && period <= PERIOD_MAX; period++)
		if (memcmp(bytes, bytes + period, len - period) == 0)
			return true;
	return false;
}

/* Of the histogram, in bits a byte. */
static double entropy(const size_t counts[256], size_t len)
{
	unsigned int value;
	double sum = 0;

	for (value = 0; value < 256; value++)
		if (counts[value])
			sum -= (double)counts[value] * log2((double)counts[value] / (double)len);
	return sum / (double)len;
}

/* Two thirds of what is possible at all. */
static double entropy_min(size_t len)
{
	return len < ENTROPY_LEN ? log2((double)len) * 2 / 3 : ENTROPY_MIN;
}

/* SP 800-90B 4.4, held to four bits a byte: a run, or a value that comes too often. */
static bool fails_health(const uint8_t *bytes, size_t len)
{
	struct qrng_health health;
	bool failed;

	qrng_health_init(&health, 512);
	failed = qrng_health_feed(&health, bytes, len) != QRNG_HEALTH_PASS;
	qrng_wipe(&health, sizeof(health));
	return failed;
}

const char *qrngd_verdict(const uint8_t *bytes, size_t len)
{
	size_t counts[256] = { 0 }, i;
	const char *fault = NULL;

	if (len < QRNGD_OFFER_MIN)
		return "is shorter than 8 bytes";
	for (i = 0; i < len; i++)
		counts[bytes[i]]++;
	if (counts[bytes[0]] == len)
		fault = "is one byte over and over";
	else if (is_unlocked_chip(bytes, len))
		fault = "is FFFF0000 over and over, which an ATECC chip gives until its "
			"configuration is locked";
	else if (is_mostly_one(counts, len))
		fault = "is one byte for more than nine tenths";
	else if (is_counting(bytes, len))
		fault = "counts up or down";
	else if (is_periodic(bytes, len))
		fault = "repeats itself";
	else if (entropy(counts, len) < entropy_min(len))
		fault = "has too few different bytes: less than 3 bits of entropy in each";
	else if (fails_health(bytes, len))
		fault = "fails a health test of SP 800-90B: one byte comes too often";
	qrng_wipe(counts, sizeof(counts));
	return fault;
}
