/* SPDX-License-Identifier: MIT */
/*
 * Signed answers: an Ed25519 signature (RFC 8032) of a statement that says what was
 * answered to whom, when, and where it came from. docs/signatures.md has the format.
 */
#ifndef QRNGD_SIGN_H
#define QRNGD_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRNGD_SIGNATURE_SIZE 64
#define QRNGD_SIGN_KEY_SIZE  32

/**
 * struct qrngd_signer - the key of this daemon
 * @key: OpenSSL's; any thread may sign with it
 * @ephemeral: it was made at start, and nobody will know it again
 * @public_key: what verifies its signatures
 * @id: the first half of the public key's SHA-256, in hexadecimal
 */
struct qrngd_signer {
	void *key;
	bool ephemeral;
	uint8_t public_key[QRNGD_SIGN_KEY_SIZE];
	char id[33];
};

/**
 * qrngd_signer_open() - get a key
 * @signer: filled in
 * @path: PEM file with an Ed25519 key as of RFC 8410, or NULL: make one for this run
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_signer_open(struct qrngd_signer *signer, const char *path);

/**
 * qrngd_signer_share() - have the same key as another signer
 * @signer: filled in; to be closed like the other
 * @other: the other
 */
void qrngd_signer_share(struct qrngd_signer *signer, const struct qrngd_signer *other);

/** qrngd_signer_close() - wipe the key */
void qrngd_signer_close(struct qrngd_signer *signer);

/**
 * qrngd_sign() - sign a statement
 * @signer: the key
 * @statement: what is to be signed
 * @len: bytes
 * @signature: filled in
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_sign(const struct qrngd_signer *signer, const char *statement, size_t len,
	       uint8_t signature[QRNGD_SIGNATURE_SIZE]);

/**
 * qrngd_sha512_text() - the SHA-512 of bytes, in hexadecimal
 * @bytes: any
 * @len: how many
 * @text: filled in, terminated
 */
void qrngd_sha512_text(const void *bytes, size_t len, char text[129]);

/**
 * qrngd_signer_pem() - the public key as a PEM file
 * @signer: the key
 * @text: where; terminated
 * @size: bytes of @text; 256 are enough
 */
void qrngd_signer_pem(const struct qrngd_signer *signer, char *text, size_t size);

#endif /* QRNGD_SIGN_H */
