// SPDX-License-Identifier: MIT
#include "keys.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

static int compare(const void *name, const void *key)
{
	return strcmp(name, ((const struct qrngd_key *)key)->name);
}

static bool is_hash(const struct qrngd_key *key, const char *text, size_t len)
{
	uint8_t hashed[KEYFILE_SALT + QRNGD_KEY_MAX], hash[KEYFILE_HASH];

	memcpy(hashed, key->salt, KEYFILE_SALT);
	memcpy(hashed + KEYFILE_SALT, text, len);
	SHA256(hashed, KEYFILE_SALT + len, hash);
	OPENSSL_cleanse(hashed, sizeof(hashed));
	return CRYPTO_memcmp(hash, key->hash, sizeof(hash)) == 0;
}

const struct qrngd_key *qrngd_keys_find(const struct qrngd_keys *keys, const char *text, size_t len)
{
	/* A name that there is not takes the same way as one that there is. */
	static const struct qrngd_key none;
	const char *dot = memchr(text, '.', len);
	size_t name_len = dot ? (size_t)(dot - text) : 0;
	const struct qrngd_key *key = NULL;
	char name[KEYFILE_NAME_MAX + 1];

	if (!name_len || name_len > KEYFILE_NAME_MAX || len != name_len + 1 + KEYFILE_SECRET)
		return NULL;
	memcpy(name, text, name_len);
	name[name_len] = '\0';
	if (keys->count)
		key = bsearch(name, keys->list, keys->count, sizeof(keys->list[0]), compare);
	return is_hash(key ? key : &none, text, len) ? key : NULL;
}

void qrngd_keys_free(struct qrngd_keys *keys)
{
	free(keys->list);
	*keys = (struct qrngd_keys){ 0 };
}
