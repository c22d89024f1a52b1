// SPDX-License-Identifier: MIT
#include "digits.h"

#include <stdio.h>
#include <string.h>

/* Two digits at a time halve the divisions, which are what the time goes into. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

#define EIGHT_DIGITS 100000000

static void put_pair(char *to, uint32_t value)
{
	memcpy(to, pairs + (size_t)value * 2, 2);
}

/* The halves do not wait for each other, and 32 bits divide faster than 64. */
static void put_eight(char *to, uint32_t value)
{
	uint32_t high = value / 10000, low = value % 10000;

	put_pair(to, high / 100);
	put_pair(to + 2, high % 100);
	put_pair(to + 4, low / 100);
	put_pair(to + 6, low % 100);
}

size_t qrngd_digits(char *to, uint64_t value)
{
	char text[QRNGD_DIGITS_MAX];
	size_t at = sizeof(text);
	uint32_t rest;

	for (; value >= EIGHT_DIGITS; value /= EIGHT_DIGITS) {
		at -= 8;
		put_eight(text + at, (uint32_t)(value % EIGHT_DIGITS));
	}
	for (rest = (uint32_t)value; rest >= 100; rest /= 100) {
		at -= 2;
		put_pair(text + at, rest % 100);
	}
	if (rest >= 10) {
		at -= 2;
		put_pair(text + at, rest);
	} else {
		text[--at] = (char)('0' + rest);
	}
	memcpy(to, text + at, sizeof(text) - at);
	return sizeof(text) - at;
}

size_t qrngd_digits_base(char *to, uint64_t value, unsigned int base)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	char text[64];
	size_t at = sizeof(text);

	do {
		text[--at] = digits[value % base];
		value /= base;
	} while (value);
	memcpy(to, text + at, sizeof(text) - at);
	return sizeof(text) - at;
}

size_t qrngd_digits_fraction(char *to, uint64_t value, unsigned int places)
{
	char digits[QRNGD_DIGITS_MAX];
	size_t len = qrngd_digits(digits, value);

	memcpy(to, "0.", 2);
	memset(to + 2, '0', places - len);
	memcpy(to + 2 + places - len, digits, len);
	return 2 + places;
}

/* 17 digits tell any two doubles apart. */
size_t qrngd_digits_double(char *to, double value)
{
	return (size_t)snprintf(to, QRNGD_DOUBLE_MAX, "%.17g", value);
}
