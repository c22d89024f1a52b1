// SPDX-License-Identifier: MIT
#include "admin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "encode.h"
#include "log.h"

#define DIGITS (2 * (int)sizeof(((struct qrngd_admin *)0)->digest))

static bool read_digest(FILE *file, uint8_t *digest)
{
	char text[DIGITS + 2] = "";

	return fgets(text, sizeof(text), file) && qrngd_unhex(digest, text, DIGITS / 2) &&
	       (!text[DIGITS] || strchr(" \r\n", text[DIGITS]));
}

int qrngd_admin_read(struct qrngd_admin *admin, const char *path)
{
	FILE *file;

	memset(admin, 0, sizeof(*admin));
	if (!path)
		return 0;
	file = fopen(path, "re");
	if (!file) {
		qrngd_log("admin-token %s: %s", path, strerror(errno));
		return -1;
	}
	admin->known = read_digest(file, admin->digest);
	fclose(file);
	if (admin->known)
		return 0;
	qrngd_log("admin-token %s: the token's SHA-256 in 64 hexadecimal digits is needed "
		  "(printf %%s TOKEN | sha256sum)",
		  path);
	return -1;
}

bool qrngd_admin_knows(const struct qrngd_admin *admin, const char *token, size_t len)
{
	uint8_t digest[sizeof(admin->digest)];

	SHA256((const uint8_t *)token, len, digest);
	return admin->known && len >= QRNGD_TOKEN_MIN &&
	       CRYPTO_memcmp(digest, admin->digest, sizeof(digest)) == 0;
}
