// SPDX-License-Identifier: MIT
#include "sign.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "encode.h"
#include "log.h"

void qrngd_sha512_text(const void *bytes, size_t len, char text[129])
{
	uint8_t digest[SHA512_DIGEST_LENGTH];

	SHA512(bytes, len, digest);
	text[qrngd_hex(text, digest, sizeof(digest))] = '\0';
}

static EVP_PKEY *make_key(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

/* A key that asks for a pass phrase would ask for it here, where nobody sits. */
static int no_phrase(char *phrase, int size, int writing, void *data)
{
	(void)phrase;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

static EVP_PKEY *read_key(const char *path)
{
	EVP_PKEY *key;
	FILE *file = fopen(path, "re");

	if (!file) {
		qrngd_log("signing-key %s: %s", path, strerror(errno));
		return NULL;
	}
	key = PEM_read_PrivateKey(file, NULL, no_phrase, NULL);
	fclose(file);
	if (key && EVP_PKEY_is_a(key, "ED25519"))
		return key;
	EVP_PKEY_free(key);
	qrngd_log("signing-key %s: an Ed25519 key in PEM without a pass phrase is needed "
		  "(openssl genpkey -algorithm ed25519)",
		  path);
	return NULL;
}

int qrngd_signer_open(struct qrngd_signer *signer, const char *path)
{
	EVP_PKEY *key = path ? read_key(path) : make_key();
	size_t len = sizeof(signer->public_key);
	uint8_t digest[SHA256_DIGEST_LENGTH];

	if (!key)
		return -1;
	if (EVP_PKEY_get_raw_public_key(key, signer->public_key, &len) != 1) {
		EVP_PKEY_free(key);
		return -1;
	}
	SHA256(signer->public_key, sizeof(signer->public_key), digest);
	signer->id[qrngd_hex(signer->id, digest, sizeof(digest) / 2)] = '\0';
	signer->key = key;
	signer->ephemeral = !path;
	return 0;
}

void qrngd_signer_share(struct qrngd_signer *signer, const struct qrngd_signer *other)
{
	*signer = *other;
	EVP_PKEY_up_ref(signer->key);
}

void qrngd_signer_close(struct qrngd_signer *signer)
{
	EVP_PKEY_free(signer->key);
	signer->key = NULL;
}

int qrngd_sign(const struct qrngd_signer *signer, const char *statement, size_t len,
	       uint8_t signature[QRNGD_SIGNATURE_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t size = QRNGD_SIGNATURE_SIZE;
	bool done;

	done = context && EVP_DigestSignInit(context, NULL, NULL, NULL, signer->key) == 1 &&
	       EVP_DigestSign(context, signature, &size, (const uint8_t *)statement, len) == 1;
	EVP_MD_CTX_free(context);
	return done ? 0 : -1;
}

void qrngd_signer_pem(const struct qrngd_signer *signer, char *text, size_t size)
{
	BIO *memory = BIO_new(BIO_s_mem());
	int len = 0;

	if (memory && PEM_write_bio_PUBKEY(memory, signer->key) == 1)
		len = BIO_read(memory, text, (int)size - 1);
	text[len > 0 ? len : 0] = '\0';
	BIO_free(memory);
}
