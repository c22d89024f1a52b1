/* SPDX-License-Identifier: MIT */
/*
 * Public keys of daemons, which signed answers are verified with.
 */
#ifndef _QRNGCTL_PUBKEY_H
#define _QRNGCTL_PUBKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PUBKEY_SIZE		32
#define PUBKEY_ID_MAX		33
#define PUBKEY_SIGNATURE_SIZE	64
#define PUBKEYS_MAX		16

/**
 * struct pubkey - an Ed25519 public key (RFC 8032)
 * @raw: the key
 * @id: the first half of its SHA-256, in hexadecimal: what a statement names it by
 */
struct pubkey {
	uint8_t raw[PUBKEY_SIZE];
	char id[PUBKEY_ID_MAX];
};

/** struct pubkeys - the keys of one file */
struct pubkeys {
	size_t count;
	struct pubkey keys[PUBKEYS_MAX];
};

bool pubkeys_parse(const char *text, size_t len, struct pubkeys *keys);
const struct pubkey *pubkeys_find(const struct pubkeys *keys, const char *id);
bool pubkey_verifies(const struct pubkey *key, const void *message, size_t len,
		     const uint8_t signature[PUBKEY_SIGNATURE_SIZE]);

#endif /* _QRNGCTL_PUBKEY_H */
