/* SPDX-License-Identifier: MIT */
/* Numbers as text, fast: 100,000 of them are one answer. */
#ifndef QRNGD_DIGITS_H
#define QRNGD_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#define QRNGD_DIGITS_MAX 20 /* of 64 bits in decimal */
#define QRNGD_BASE_MAX	 36

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

#endif /* QRNGD_DIGITS_H */
