// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <jansson.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "base64.h"
#include "pubkey.h"

static const char blanks[] = " \t\r\n";

static bool add_raw(struct pubkeys *keys, const uint8_t raw[PUBKEY_SIZE])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	struct pubkey *key = &keys->keys[keys->count];
	size_t i;

	if (keys->count == PUBKEYS_MAX)
		return false;
	memcpy(key->raw, raw, PUBKEY_SIZE);
	SHA256(raw, PUBKEY_SIZE, digest);
	for (i = 0; i < sizeof(digest) / 2; i++)
		snprintf(key->id + 2 * i, 3, "%02x", digest[i]);
	keys->count++;
	return true;
}

static bool add_openssl(struct pubkeys *keys, EVP_PKEY *key)
{
	uint8_t raw[PUBKEY_SIZE];
	size_t len = sizeof(raw);

	return EVP_PKEY_is_a(key, "ED25519") && EVP_PKEY_get_raw_public_key(key, raw, &len) == 1 &&
	       add_raw(keys, raw);
}

/* One behind the other, with anything between. */
static bool add_pem(struct pubkeys *keys, const char *text, size_t len)
{
	BIO *memory = BIO_new_mem_buf(text, (int)len);
	size_t before = keys->count;
	EVP_PKEY *key;
	bool all = memory;

	while (all && (key = PEM_read_bio_PUBKEY(memory, NULL, NULL, NULL))) {
		all = add_openssl(keys, key);
		EVP_PKEY_free(key);
	}
	BIO_free(memory);
	return all && keys->count > before;
}

/* What /v1/keys gives. */
static bool add_document(struct pubkeys *keys, const char *text, size_t len)
{
	json_t *document = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL), *entry;
	bool all = json_is_array(json_object_get(document, "keys"));
	size_t i;

	json_array_foreach(json_object_get(document, "keys"), i, entry) {
		const char *pem = json_string_value(json_object_get(entry, "pem"));

		all = all && pem && add_pem(keys, pem, strlen(pem));
	}
	json_decref(document);
	return all && keys->count;
}

static bool add_hex(struct pubkeys *keys, const char *text, size_t len)
{
	char copy[2 * PUBKEY_SIZE + 1];
	uint8_t raw[PUBKEY_SIZE];
	size_t count;

	if (len != sizeof(copy) - 1)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return OPENSSL_hexstr2buf_ex(raw, sizeof(raw), &count, copy, '\0') == 1 &&
	       count == PUBKEY_SIZE && add_raw(keys, raw);
}

static bool add_base64(struct pubkeys *keys, const char *text, size_t len)
{
	uint8_t raw[PUBKEY_SIZE];

	return base64_decode(text, len, raw, sizeof(raw)) == PUBKEY_SIZE && add_raw(keys, raw);
}

/**
 * pubkeys_parse() - read keys
 * @text: PEM (RFC 8410), one or several; or a document as of /v1/keys; or the 32 bytes of
 *	one key in hexadecimal or base64
 * @len: its bytes
 * @keys: filled in
 *
 * Return: false if there is none, or one that is not of Ed25519.
 */
bool pubkeys_parse(const char *text, size_t len, struct pubkeys *keys)
{
	keys->count = 0;
	while (len && memchr(blanks, text[len - 1], sizeof(blanks) - 1))
		len--;
	while (len && memchr(blanks, *text, sizeof(blanks) - 1)) {
		text++;
		len--;
	}
	if (!len)
		return false;
	if (*text == '{')
		return add_document(keys, text, len);
	return add_hex(keys, text, len) || add_base64(keys, text, len) ||
	       add_pem(keys, text, len);
}

/** pubkeys_find() - the key that a statement names, NULL if it is none of these */
const struct pubkey *pubkeys_find(const struct pubkeys *keys, const char *id)
{
	size_t i;

	for (i = 0; i < keys->count; i++)
		if (!strcmp(keys->keys[i].id, id))
			return &keys->keys[i];
	return NULL;
}

/** pubkey_verifies() - is that a signature of these bytes by this key? */
bool pubkey_verifies(const struct pubkey *key, const void *message, size_t len,
		     const uint8_t signature[PUBKEY_SIGNATURE_SIZE])
{
	EVP_PKEY *openssl =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->raw, PUBKEY_SIZE);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool valid;

	valid = openssl && context &&
		EVP_DigestVerifyInit(context, NULL, NULL, NULL, openssl) == 1 &&
		EVP_DigestVerify(context, signature, PUBKEY_SIGNATURE_SIZE, message, len) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(openssl);
	return valid;
}
