/* SPDX-License-Identifier: MIT */
/* Who may see and change the settings: a token tells, or the admin socket. */
#ifndef QRNGD_ADMIN_H
#define QRNGD_ADMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The fewest characters of a token: what a program made has them, what was thought up not. */
#define QRNGD_TOKEN_MIN 32

/**
 * struct qrngd_admin - the token, of which we know the digest only
 * @known: there is one
 * @digest: its SHA-256
 */
struct qrngd_admin {
	bool known;
	uint8_t digest[32];
};

/**
 * qrngd_admin_read() - read the digest
 * @admin: filled in
 * @path: file that begins with 64 hexadecimal digits, as sha256sum writes; NULL: no token
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_admin_read(struct qrngd_admin *admin, const char *path);

/**
 * qrngd_admin_knows() - is this the token?
 * @admin: the digest
 * @token: what a client sent
 * @len: bytes
 *
 * In a time that depends on @len only.
 */
bool qrngd_admin_knows(const struct qrngd_admin *admin, const char *token, size_t len);

#endif /* QRNGD_ADMIN_H */
