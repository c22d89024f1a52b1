/* SPDX-License-Identifier: MIT */
/* Bytes as text. */
#ifndef QRNGD_ENCODE_H
#define QRNGD_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters that so many bytes take, without a NUL. */
#define QRNGD_HEX_SIZE(bytes)	 (2 * (bytes))
#define QRNGD_BASE64_SIZE(bytes) (((bytes) + 2) / 3 * 4)

#define QRNGD_SHA256_TEXT QRNGD_HEX_SIZE((size_t)32)

/**
 * qrngd_hex() - in hexadecimal, lower case
 * @to: QRNGD_HEX_SIZE(@len) characters; not terminated
 * @bytes: the bytes
 * @len: how many
 *
 * Return: characters written.
 */
size_t qrngd_hex(char *to, const uint8_t *bytes, size_t len);

/**
 * qrngd_unhex() - bytes from hexadecimal, lower case only
 * @to: @len bytes
 * @text: twice as many digits; what follows them does not matter
 * @len: how many bytes
 *
 * Return: whether all of them are digits; if not, @to may hold some of the bytes.
 */
bool qrngd_unhex(uint8_t *to, const char *text, size_t len);

/** qrngd_unhex_any() - the same from either case */
bool qrngd_unhex_any(uint8_t *to, const char *text, size_t len);

/**
 * qrngd_sha256_hex() - their SHA-256 digest in hexadecimal
 * @to: %QRNGD_SHA256_TEXT characters; not terminated
 * @bytes: the bytes
 * @len: how many
 *
 * Return: characters written.
 */
size_t qrngd_sha256_hex(char *to, const void *bytes, size_t len);

#endif /* QRNGD_ENCODE_H */
