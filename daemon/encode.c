// SPDX-License-Identifier: MIT
#include "encode.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "hex.h"

static const char digits[] = "0123456789abcdef";

static size_t hex_vectors(char *to, const uint8_t *bytes, size_t len)
{
#if QRNGD_HEX_AVX2
	if (__builtin_cpu_supports("avx2"))
		return qrngd_hex_avx2(to, bytes, len);
#endif
	return qrngd_hex_vectors(to, bytes, len);
}

size_t qrngd_hex(char *to, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = hex_vectors(to, bytes, len); i < len; i++) {
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
