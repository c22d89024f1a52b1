/* SPDX-License-Identifier: MIT */
/* Ciphers of libgcrypt and OpenSSL, used plainly: what the core's speed is compared with. */
#ifndef _QRNG_TESTS_BENCH_LIBRARY_H
#define _QRNG_TESTS_BENCH_LIBRARY_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct library_cipher - a cipher of a library, with a 256-bit key
 * @library: whose it is
 * @cipher: as the core calls it
 * @fresh_name: the same with a new key for each draw
 * @open: get a handle, keyed; does not return if the library refuses
 * @run: encrypt @len bytes at @data under the key there is
 * @run_fresh: set a key, then do the same
 */
struct library_cipher {
	const char *library;
	const char *cipher;
	const char *fresh_name;
	void *(*open)(void);
	void (*run)(void *handle, uint8_t *data, size_t len);
	void (*run_fresh)(void *handle, uint8_t *data, size_t len);
};

#define LIBRARY_CIPHERS 4

extern const struct library_cipher library_ciphers[LIBRARY_CIPHERS];

/**
 * library_handle_size() - what one handle of libgcrypt takes, with the key schedule
 *
 * Return: bytes, for AES-256-CTR, rounded up as the heap does.
 */
size_t library_handle_size(void);

#endif /* _QRNG_TESTS_BENCH_LIBRARY_H */
