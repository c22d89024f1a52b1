// SPDX-License-Identifier: MIT
#include <stdbool.h>
#include <string.h>
#include <openssl/evp.h>

#include "base64.h"

/* The longest text that is looked at. */
#define TEXT_MAX	8192

static size_t padding(const char *text, size_t len)
{
	return (text[len - 1] == '=') + (text[len - 1] == '=' && text[len - 2] == '=');
}

/*
 * OpenSSL overlooks blanks, and bits that mean nothing; one text for some bytes is
 * the only one.
 */
static bool is_the_text_of(const char *text, size_t len, const uint8_t *bytes, size_t count)
{
	uint8_t again[TEXT_MAX + 4];

	return EVP_EncodeBlock(again, bytes, (int)count) == (int)len && !memcmp(again, text, len);
}

/**
 * base64_decode() - read base64 (RFC 4648, section 4), padded, in one piece
 * @text: the text
 * @len: its characters
 * @to: where the bytes go
 * @max: how many there may be
 *
 * Return: how many there are, -1 if that is no base64 or more than @max.
 */
ssize_t base64_decode(const char *text, size_t len, uint8_t *to, size_t max)
{
	uint8_t bytes[TEXT_MAX / 4 * 3];
	size_t count;

	if (!len || len % 4 || len > TEXT_MAX)
		return -1;
	count = len / 4 * 3 - padding(text, len);
	if (count > max || EVP_DecodeBlock(bytes, (const uint8_t *)text, (int)len) < 0)
		return -1;
	if (!is_the_text_of(text, len, bytes, count))
		return -1;
	memcpy(to, bytes, count);
	return (ssize_t)count;
}
