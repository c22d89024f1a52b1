// SPDX-License-Identifier: MIT
#include "encode.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

static const char digits[] = "0123456789abcdef";

/* The compiler's own vectors: whatever the processor has for sixteen bytes at a time. */
typedef uint8_t vector __attribute__((vector_size(16)));

/* From 0..15 to a digit: what is above 9 goes on with 'a'. */
static vector digits_of(vector nibbles)
{
	return nibbles + '0' + ((vector)(nibbles > 9) & ('a' - '0' - 10));
}

static void hex_vector(char *to, const uint8_t *bytes)
{
	vector all, high, low, text[2];

	memcpy(&all, bytes, sizeof(all));
	high = digits_of(all >> 4);
	low = digits_of(all & 15);
	text[0] = __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6,
					  22, 7, 23);
	text[1] = __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
					  14, 30, 15, 31);
	memcpy(to, text, sizeof(text));
}

size_t qrngd_hex(char *to, const uint8_t *bytes, size_t len)
{
	size_t i = 0;

	for (; len - i >= sizeof(vector); i += sizeof(vector))
		hex_vector(to + 2 * i, bytes + i);
	for (; i < len; i++) {
		to[2 * i] = digits[bytes[i] >> 4];
		to[2 * i + 1] = digits[bytes[i] & 15];
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

bool qrngd_unhex_any(uint8_t *to, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		int high = OPENSSL_hexchar2int((unsigned char)text[2 * i]);
		int low = OPENSSL_hexchar2int((unsigned char)text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		to[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

size_t qrngd_sha256_hex(char *to, const void *bytes, size_t len)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];

	SHA256(bytes, len, digest);
	return qrngd_hex(to, digest, sizeof(digest));
}
