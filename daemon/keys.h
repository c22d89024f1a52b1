/* SPDX-License-Identifier: MIT */
/*
 * API keys, of which we know salted hashes only. A key is NAME.SECRET, with 256 random bits
 * as the secret: nobody finds one by trying, however fast the hash is, so that one that is
 * slow on purpose, as for passwords, would only cost us time.
 */
#ifndef QRNGD_KEYS_H
#define QRNGD_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quota.h"

#define QRNGD_KEY_MAX (KEYFILE_NAME_MAX + 1 + KEYFILE_SECRET)

/**
 * struct qrngd_key - what is known of a key
 * @name: whose
 * @salt: hashed before the key
 * @hash: SHA-256 of both
 * @until_s: no longer than this, since 1970; 0: for ever
 * @payer: what it may have
 * @line: where the file has it
 */
struct qrngd_key {
	char name[KEYFILE_NAME_MAX + 1];
	uint8_t salt[KEYFILE_SALT];
	uint8_t hash[KEYFILE_HASH];
	int64_t until_s;
	struct qrngd_payer payer;
	unsigned int line;
};

/**
 * struct qrngd_keys - all of them; read only once they are read
 * @asked_for: whoever wants random bytes needs one
 * @list: by name
 * @count: how many
 * @open: nobody needs one, but who brings none has limits
 * @nobody: theirs, without a hash
 */
struct qrngd_keys {
	bool asked_for;
	struct qrngd_key *list;
	size_t count;
	bool open;
	struct qrngd_key nobody;
};

/**
 * qrngd_keys_read() - read a key file
 * @keys: filled in
 * @path: the file, or NULL: no keys are asked for
 *
 * Return: 0, or -1 after lines have said what is wrong with it.
 */
int qrngd_keys_read(struct qrngd_keys *keys, const char *path);

/** qrngd_keys_free() - free what qrngd_keys_read() made */
void qrngd_keys_free(struct qrngd_keys *keys);

/**
 * qrngd_keys_find() - whose key is this?
 * @keys: all keys
 * @text: what a client sent
 * @len: bytes
 *
 * It is hashed whether there is a key of this name or not, and compared in a time that
 * does not depend on how much of it is right.
 *
 * Return: the key, which may be over; NULL if it is none.
 */
const struct qrngd_key *qrngd_keys_find(const struct qrngd_keys *keys, const char *text,
					size_t len);

#endif /* QRNGD_KEYS_H */
