/* SPDX-License-Identifier: MIT */
/*
 * The core's host for unit tests, over OpenSSL and written apart from the hosts of
 * the module and the daemon: a slip of theirs is not repeated here.
 */
#ifndef _QRNG_TESTS_HOST_H
#define _QRNG_TESTS_HOST_H

#include "../../kmod/core/host.h"

extern const struct qrng_cipher host_chacha20;

void host_key_stream(const u8 key[QRNG_KEY_SIZE], u32 unit, u8 *out, size_t len);
void host_sha256(const void *data, size_t len, u8 digest[QRNG_DIGEST_SIZE]);

#endif /* _QRNG_TESTS_HOST_H */
