/* SPDX-License-Identifier: MIT */
/* The formats that LoKey has numbers in: big-endian, and two's complement where signed. */
#ifndef QRNGD_NUMBERS_H
#define QRNGD_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most characters of a number, with its sign and a comma. */
#define QRNGD_NUMBER_MAX 22

/**
 * struct qrngd_format - one of them
 * @name: as clients name it; NULL behind the last
 * @width: bytes of a value
 * @sign: the bit that makes a value negative, 0: none does
 * @binary: values are bytes as they are
 */
struct qrngd_format {
	const char *name;
	size_t width;
	uint64_t sign;
	bool binary;
};

/**
 * qrngd_format_find() - look one up
 * @name: its name
 *
 * Return: the format, or NULL.
 */
const struct qrngd_format *qrngd_format_find(const char *name);

/**
 * qrngd_format_put() - write a value in decimal
 * @format: not a binary one
 * @to: room for %QRNGD_NUMBER_MAX characters; not terminated
 * @bytes: as many as the format is wide
 *
 * Return: characters written.
 */
size_t qrngd_format_put(const struct qrngd_format *format, char *to, const uint8_t *bytes);

#endif /* QRNGD_NUMBERS_H */
