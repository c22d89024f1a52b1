// SPDX-License-Identifier: MIT
#include "seal.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "host.h"
#include "log.h"

#define NONCE 12
#define TAG   16

/* There is no safe way to go on without arithmetic. */
static void must(int ok)
{
	if (ok == 1)
		return;
	qrngd_log("libcrypto failed while a store was encrypted: giving up");
	abort();
}

void qrngd_seal_hmac(const uint8_t key[QRNGD_SEAL_KEY], const void *data, size_t len,
		     uint8_t digest[32])
{
	must(HMAC(EVP_sha256(), key, QRNGD_SEAL_KEY, data, len, digest, NULL) != NULL);
}

void qrngd_chain_advance(struct qrngd_chain *chain, uint64_t index)
{
	static const char label[] = "qrng chain";
	uint8_t next[QRNGD_SEAL_KEY];

	for (; chain->index < index; chain->index++) {
		qrngd_seal_hmac(chain->secret, label, sizeof(label), next);
		memcpy(chain->secret, next, sizeof(next));
	}
	qrng_wipe(next, sizeof(next));
}

/* What belongs to a segment beside its bytes: nobody can give it to another place. */
struct place {
	char label[16];
	uint64_t index;
	uint32_t queue;
	uint32_t len;
	uint8_t secret[QRNGD_SEAL_KEY];
};

static void place_of(struct place *place, const struct qrngd_chain *chain, unsigned int queue,
		     size_t len)
{
	memset(place, 0, sizeof(*place));
	memcpy(place->label, "qrng segment", 12);
	place->index = htobe64(chain->index);
	place->queue = htobe32(queue);
	place->len = htobe32((uint32_t)len);
	memcpy(place->secret, chain->secret, sizeof(place->secret));
}

/* The length is known only to those who have the bytes, or the tag would not fit. */
static EVP_CIPHER_CTX *start(const struct qrngd_chain *chain, const uint8_t key[QRNGD_SEAL_KEY],
			     unsigned int queue, size_t len, const uint8_t *nonce, int encrypt)
{
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	uint8_t own[QRNGD_SEAL_KEY];
	struct place place;

	must(cipher != NULL);
	place_of(&place, chain, queue, len);
	qrngd_seal_hmac(key, &place, sizeof(place), own);
	must(EVP_CipherInit_ex(cipher, EVP_aes_256_gcm(), NULL, own, nonce, encrypt));
	qrng_wipe(own, sizeof(own));
	qrng_wipe(&place, sizeof(place));
	return cipher;
}

void qrngd_seal(const struct qrngd_chain *chain, const uint8_t key[QRNGD_SEAL_KEY],
		unsigned int queue, const uint8_t *bytes, size_t len, uint8_t *sealed)
{
	EVP_CIPHER_CTX *cipher;
	int done;

	must(RAND_bytes(sealed, NONCE));
	cipher = start(chain, key, queue, len, sealed, 1);
	must(EVP_EncryptUpdate(cipher, sealed + NONCE, &done, bytes, (int)len));
	must(EVP_EncryptFinal_ex(cipher, sealed + NONCE + len, &done));
	must(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG, sealed + NONCE + len));
	EVP_CIPHER_CTX_free(cipher);
}

int qrngd_unseal(const struct qrngd_chain *chain, const uint8_t key[QRNGD_SEAL_KEY],
		 unsigned int queue, const uint8_t *sealed, size_t len, uint8_t *bytes)
{
	size_t inner = len - QRNGD_SEALED_MORE;
	EVP_CIPHER_CTX *cipher = start(chain, key, queue, inner, sealed, 0);
	int done, good;

	must(EVP_DecryptUpdate(cipher, bytes, &done, sealed + NONCE, (int)inner));
	must(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, TAG,
				 (void *)(sealed + NONCE + inner)));
	good = EVP_DecryptFinal_ex(cipher, bytes + inner, &done) == 1;
	EVP_CIPHER_CTX_free(cipher);
	if (good)
		return 0;
	qrng_wipe(bytes, inner);
	return -1;
}
