// SPDX-License-Identifier: MIT
#include "hex.h"

#include <string.h>

#if QRNGD_HEX_AVX2
#include <immintrin.h>
#endif

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

size_t qrngd_hex_vectors(char *to, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; len - i >= sizeof(vector); i += sizeof(vector))
		hex_vector(to + 2 * i, bytes + i);
	return i;
}

#if QRNGD_HEX_AVX2
/* Bytes are spread out to twice their size, and the processor looks their digits up. */
__attribute__((target("avx2"))) size_t qrngd_hex_avx2(char *to, const uint8_t *bytes, size_t len)
{
	const __m256i table =
		_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)"0123456789abcdef"));
	const __m256i low = _mm256_set1_epi8(15);
	size_t i;

	for (i = 0; len - i >= sizeof(vector); i += sizeof(vector)) {
		__m256i all = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(bytes + i)));
		__m256i both =
			_mm256_or_si256(_mm256_srli_epi16(all, 4), _mm256_slli_epi16(all, 8));

		_mm256_storeu_si256((__m256i *)(to + 2 * i),
				    _mm256_shuffle_epi8(table, _mm256_and_si256(both, low)));
	}
	return i;
}
#endif
