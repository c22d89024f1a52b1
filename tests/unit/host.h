/* SPDX-License-Identifier: MIT */
/*
 * The core's host for unit tests, over OpenSSL and written apart from the hosts of
 * the module and the daemon: a slip of theirs is not repeated here. A context is
 * plain memory, so that a test can copy it and look into it.
 */
#ifndef _QRNG_TESTS_HOST_H
#define _QRNG_TESTS_HOST_H

#include "../../kmod/core/host.h"

/** struct host_ctx - what @key and @counter are for, by the name of the cipher */
struct host_ctx {
	const char *cipher;
	u8 key[QRNG_KEY_SIZE];
	u8 counter[QRNG_BLOCK_SIZE];
};

/*
 * Set by a test to make the host wrong: called on what a cipher is started with, on
 * what it made, and on a digest.
 */
extern void (*host_bend_start)(struct host_ctx *ctx);
extern void (*host_bend_run)(const char *cipher, u8 *data, size_t len);
extern void (*host_bend_digest)(u8 digest[QRNG_DIGEST_SIZE]);

void host_key_stream(const char *cipher, const u8 key[QRNG_KEY_SIZE], u8 *out, size_t len);
void host_sha256(const void *data, size_t len, u8 digest[QRNG_DIGEST_SIZE]);

#endif /* _QRNG_TESTS_HOST_H */
