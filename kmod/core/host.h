/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a host (the kernel module, the daemon, a unit test) gives to the core: one
 * table. The core calls nothing else but memcpy, memset and memcmp.
 */
#ifndef _QRNG_CORE_HOST_H
#define _QRNG_CORE_HOST_H

#include "types.h"

#define QRNG_KEY_SIZE		32
#define QRNG_DIGEST_SIZE	32
#define QRNG_BLOCK_SIZE		16	/* bytes; of AES, and of the place in a key stream */
#define QRNG_STREAM_UNIT	64	/* bytes; whole blocks of AES and of ChaCha20 alike */

/**
 * struct qrng_cipher - a cipher with a 256-bit key, worked through a context
 * @name: as users see it, e.g. "chacha20"
 * @start: put @key into @ctx, in place of any other key, of this or another cipher;
 *	no copy of that one remains. @counter is the place in the key stream.
 * @run: go on from there over @len bytes at @data, a multiple of QRNG_STREAM_UNIT,
 *	or of QRNG_BLOCK_SIZE for AES. A stream cipher writes its key stream there,
 *	whatever @data held; a block cipher encrypts each block in its place.
 *
 * A context belongs to whoever serialises the calls on it, in general to one
 * generator, and serves every cipher of its host. What it holds at rest is as
 * secret as a key; starting it with another key, e.g. of zeroes, wipes it.
 */
struct qrng_cipher {
	const char *name;
	void (*start)(void *ctx, const u8 key[QRNG_KEY_SIZE], const u8 counter[QRNG_BLOCK_SIZE]);
	void (*run)(void *ctx, u8 *data, size_t len);
};

/** struct qrng_hash - a SHA-256 under way; what is in it is the host's business */
struct qrng_hash {
	u64 opaque[14];
};

/**
 * struct qrng_host - the host's primitives
 * @chacha20: RFC 8439 2.4; @counter is the 32-bit block counter, little-endian, and
 *	behind it the nonce
 * @aes256_ctr: SP 800-38A 6.5; @counter is one number of 128 bits, big-endian
 * @aes256_ecb: FIPS 197 on each block; @counter is ignored
 * @sha256_init: FIPS 180-4; each init is followed by just one final, so that a host
 *	may hold memory in between
 * @sha256_update: add bytes
 * @sha256_final: write the digest and wipe @hash
 * @wipe: overwrite a secret with zeroes the compiler may not leave out
 */
struct qrng_host {
	struct qrng_cipher chacha20;
	struct qrng_cipher aes256_ctr;
	struct qrng_cipher aes256_ecb;
	void (*sha256_init)(struct qrng_hash *hash);
	void (*sha256_update)(struct qrng_hash *hash, const void *data, size_t len);
	void (*sha256_final)(struct qrng_hash *hash, u8 digest[QRNG_DIGEST_SIZE]);
	void (*wipe)(void *secret, size_t len);
};

/* Each program has one. */
extern const struct qrng_host qrng_host;

/** qrng_wipe() - forget @len bytes at @secret */
static inline void qrng_wipe(void *secret, size_t len)
{
	qrng_host.wipe(secret, len);
}

/** qrng_counter_next() - add one to a counter of 128 bits, big-endian */
static inline void qrng_counter_next(u8 counter[QRNG_BLOCK_SIZE])
{
	unsigned int i = QRNG_BLOCK_SIZE;

	while (i && !++counter[i - 1])
		i--;
}

#endif /* _QRNG_CORE_HOST_H */
