// SPDX-License-Identifier: MIT
#include "encode.h"

#include <string.h>

#include <openssl/sha.h>

static const char digits[] = "0123456789abcdef";

size_t qrngd_hex(char *to, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		*to++ = digits[bytes[i] >> 4];
		*to++ = digits[bytes[i] & 15];
	}
	return QRNGD_HEX_SIZE(len);
}

bool qrngd_unhex(uint8_t *to, const char *text, size_t len)
{
	size_t i;

	if (strspn(text, digits) < 2 * len)
		return false;
	for (i = 0; i < len; i++)
		to[i] = (uint8_t)((strchr(digits, text[2 * i]) - digits) << 4 |
				  (strchr(digits, text[2 * i + 1]) - digits));
	return true;
}

size_t qrngd_sha256_hex(char *to, const void *bytes, size_t len)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];

	SHA256(bytes, len, digest);
	return qrngd_hex(to, digest, sizeof(digest));
}
