/* SPDX-License-Identifier: MIT */
/*
 * The rules of key files, for the daemon, which reads them, and for qrngctl, which writes them. A
 * file has a [section] for each key, with its hash, when it ends, and limits of what it may have.
 */
#ifndef _QRNG_KEYFILE_RULE_H
#define _QRNG_KEYFILE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYFILE_NAME_MAX 32

/* Who brings no key, if the file says what it may have. */
#define KEYFILE_NOBODY "anonymous"

/* A hash is this, the salt, ':' and SHA-256 of salt and key, in hexadecimal. */
#define KEYFILE_HASH_FORM "sha256:"
#define KEYFILE_SALT	  16 /* bytes */
#define KEYFILE_HASH	  32 /* bytes */

/* A key is NAME.SECRET: 32 bytes in base64url without padding. */
#define KEYFILE_SECRET 43

/** enum keyfile_limit - what a key may have */
enum keyfile_limit {
	KEYFILE_REQUESTS_PER_SECOND,
	KEYFILE_REQUESTS_PER_DAY,
	KEYFILE_BITS_PER_DAY,
	KEYFILE_LIMITS,
};

/**
 * struct keyfile_rule - one of the limits
 * @name: as the file has it
 * @max: the largest there is; the smallest is 1
 * @needed: the same as a clause for people
 */
struct keyfile_rule {
	const char *name;
	uint64_t max;
	const char *needed;
};

extern const struct keyfile_rule keyfile_rules[KEYFILE_LIMITS];

/* What a date has to be, as a clause for people. */
extern const char keyfile_date_needed[];

bool keyfile_is_name(const char *name, size_t len);
bool keyfile_date(const char *text, int64_t *until_s);
enum keyfile_limit keyfile_find(const char *name, size_t len);
bool keyfile_number(enum keyfile_limit limit, const char *text, uint64_t *number);

#endif /* _QRNG_KEYFILE_RULE_H */
