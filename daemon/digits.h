/* SPDX-License-Identifier: MIT */
/* Numbers as text, fast: 100,000 of them are one answer. */
#ifndef QRNGD_DIGITS_H
#define QRNGD_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#define QRNGD_DIGITS_MAX 20 /* of 64 bits in decimal */
#define QRNGD_BASE_MAX	 36

/* Sign, 17 digits, point, exponent of three digits with its letter and sign, and a NUL. */
#define QRNGD_DOUBLE_MAX 25

/**
 * qrngd_digits() - write a number in decimal
 * @to: room for %QRNGD_DIGITS_MAX characters; not terminated
 * @value: the number
 *
 * Return: characters written.
 */
size_t qrngd_digits(char *to, uint64_t value);

/**
 * qrngd_digits_base() - write a number to any base
 * @to: room for 64 characters; not terminated
 * @value: the number
 * @base: 2 to %QRNGD_BASE_MAX; digits above 9 are lower-case letters
 *
 * Return: characters written.
 */
size_t qrngd_digits_base(char *to, uint64_t value, unsigned int base);

/**
 * qrngd_digits_fraction() - write @value / 10^@places, which is below 1
 * @to: room for @places + 2 characters; not terminated
 * @value: less than 10^@places
 * @places: decimal places, 1 to 18; all are written
 *
 * Return: characters.
 */
size_t qrngd_digits_fraction(char *to, uint64_t value, unsigned int places);

/**
 * qrngd_digits_double() - write a number so that it is read as the very same one
 * @to: room for %QRNGD_DOUBLE_MAX characters; terminated
 * @value: finite
 *
 * Return: characters.
 */
size_t qrngd_digits_double(char *to, double value);

#endif /* QRNGD_DIGITS_H */
