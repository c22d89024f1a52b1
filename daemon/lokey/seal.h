/* SPDX-License-Identifier: MIT */
/*
 * Encryption of what is on the disk, such that nobody can read again what was handed out:
 * neither from pages that the store or the disk have not got round to overwriting, nor with
 * the operator's key.
 *
 * Segment i has a key of its own, made of the operator's key and of secret i of a chain of
 * secrets. Each secret is a hash of the one before, so that from one all that follow can
 * be made, but none before it. Kept is only the secret of the oldest segment that was not
 * handed out.
 */
#ifndef QRNGD_SEAL_H
#define QRNGD_SEAL_H

#include <stddef.h>
#include <stdint.h>

#define QRNGD_SEAL_KEY 32

/* Whole items of each queue, and with all that is added it fits on a page of the store. */
#define QRNGD_SEGMENT 3840

/* A nonce before the bytes and a tag behind them. */
#define QRNGD_SEALED_MORE 28
#define QRNGD_SEALED_MAX  (QRNGD_SEGMENT + QRNGD_SEALED_MORE)

/**
 * struct qrngd_chain - one place in the chain
 * @secret: of this place
 * @index: of the segment it is for
 */
struct qrngd_chain {
	uint8_t secret[QRNGD_SEAL_KEY];
	uint64_t index;
};

/**
 * qrngd_seal_hmac() - HMAC-SHA256
 * @key: %QRNGD_SEAL_KEY bytes
 * @data: what
 * @len: bytes of it
 * @digest: filled in
 */
void qrngd_seal_hmac(const uint8_t key[QRNGD_SEAL_KEY], const void *data, size_t len,
		     uint8_t digest[32]);

/** qrngd_chain_advance() - go on to @index, which is not before this one */
void qrngd_chain_advance(struct qrngd_chain *chain, uint64_t index);

/**
 * qrngd_seal() - encrypt the segment of a place (AES-256-GCM, a random nonce)
 * @chain: the place
 * @key: the operator's
 * @queue: which queue's it is
 * @bytes: what
 * @len: bytes of it, at most %QRNGD_SEGMENT
 * @sealed: filled in: %QRNGD_SEALED_MORE more
 */
void qrngd_seal(const struct qrngd_chain *chain, const uint8_t key[QRNGD_SEAL_KEY],
		unsigned int queue, const uint8_t *bytes, size_t len, uint8_t *sealed);

/**
 * qrngd_unseal() - decrypt the segment of a place
 * @chain: the place
 * @key: the operator's
 * @queue: which queue's it is
 * @sealed: from qrngd_seal()
 * @len: bytes of it, %QRNGD_SEALED_MORE to %QRNGD_SEALED_MAX
 * @bytes: filled in; %QRNGD_SEALED_MORE fewer
 *
 * Return: 0, or -1 when it was sealed with another key, for another place, or changed.
 */
int qrngd_unseal(const struct qrngd_chain *chain, const uint8_t key[QRNGD_SEAL_KEY],
		 unsigned int queue, const uint8_t *sealed, size_t len, uint8_t *bytes);

/**
 * qrngd_seal_key_read() - read the operator's key
 * @key: filled in
 * @path: a file of 32 bytes, or 64 hexadecimal digits; NULL: the credential of systemd's that
 *	is called qrngd-store-key
 * @store: path of the store, which the key must not lie beside
 *
 * Return: 0, or -1 after a line has said what is wrong.
 */
int qrngd_seal_key_read(uint8_t key[QRNGD_SEAL_KEY], const char *path, const char *store);

#endif /* QRNGD_SEAL_H */
