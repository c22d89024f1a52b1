/* SPDX-License-Identifier: MIT */
/* Ways of writing hexadecimal sixteen bytes at a time; qrngd_hex() takes the best. */
#ifndef QRNGD_HEX_H
#define QRNGD_HEX_H

#include <stddef.h>
#include <stdint.h>

/**
 * qrngd_hex_vectors() - in hexadecimal, lower case, on any processor
 * @to: two characters for each byte; not terminated
 * @bytes: the bytes
 * @len: how many; what is left of a multiple of 16 is not written
 *
 * Return: how many bytes were written.
 */
size_t qrngd_hex_vectors(char *to, const uint8_t *bytes, size_t len);

#if defined(__x86_64__)
#define QRNGD_HEX_AVX2 1

/** qrngd_hex_avx2() - the same on one that has AVX2 */
size_t qrngd_hex_avx2(char *to, const uint8_t *bytes, size_t len);
#else
#define QRNGD_HEX_AVX2 0
#endif

#endif /* QRNGD_HEX_H */
