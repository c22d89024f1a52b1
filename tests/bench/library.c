// SPDX-License-Identifier: MIT
#include "library.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include <gcrypt.h>
#include <openssl/evp.h>

#define KEY_SIZE 32
#define IV_SIZE	 16

/* Neither library works longer on one key than on another. */
static const uint8_t key[KEY_SIZE] = { 1, 2, 3 };
static const uint8_t iv[IV_SIZE];

static void must(int fine)
{
	if (fine)
		return;
	fputs("core: a library refuses a cipher\n", stderr);
	exit(1);
}

static void *gcrypt_open(int algorithm, int mode)
{
	gcry_cipher_hd_t handle;

	must(!gcry_cipher_open(&handle, algorithm, mode, GCRY_CIPHER_SECURE));
	return handle;
}

static void gcrypt_run(void *handle, uint8_t *data, size_t len)
{
	must(!gcry_cipher_encrypt(handle, data, len, NULL, 0));
}

static void gcrypt_aes_start(void *handle)
{
	must(!gcry_cipher_setkey(handle, key, sizeof(key)));
	must(!gcry_cipher_setctr(handle, iv, sizeof(iv)));
}

static void gcrypt_aes_run_fresh(void *handle, uint8_t *data, size_t len)
{
	gcrypt_aes_start(handle);
	gcrypt_run(handle, data, len);
}

static void *gcrypt_aes_open(void)
{
	void *handle = gcrypt_open(GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_CTR);

	gcrypt_aes_start(handle);
	return handle;
}

static void gcrypt_chacha20_start(void *handle)
{
	must(!gcry_cipher_setkey(handle, key, sizeof(key)));
	must(!gcry_cipher_setiv(handle, iv, sizeof(iv)));
}

static void gcrypt_chacha20_run_fresh(void *handle, uint8_t *data, size_t len)
{
	gcrypt_chacha20_start(handle);
	gcrypt_run(handle, data, len);
}

static void *gcrypt_chacha20_open(void)
{
	void *handle = gcrypt_open(GCRY_CIPHER_CHACHA20, GCRY_CIPHER_MODE_STREAM);

	gcrypt_chacha20_start(handle);
	return handle;
}

static void *openssl_open(const EVP_CIPHER *cipher)
{
	EVP_CIPHER_CTX *handle = EVP_CIPHER_CTX_new();

	must(handle != NULL);
	must(EVP_EncryptInit_ex(handle, cipher, NULL, key, iv));
	return handle;
}

static void *openssl_aes_open(void)
{
	return openssl_open(EVP_aes_256_ctr());
}

static void *openssl_chacha20_open(void)
{
	return openssl_open(EVP_chacha20());
}

static void openssl_run(void *handle, uint8_t *data, size_t len)
{
	int written;

	must(EVP_EncryptUpdate(handle, data, &written, data, (int)len));
}

static void openssl_run_fresh(void *handle, uint8_t *data, size_t len)
{
	must(EVP_EncryptInit_ex(handle, NULL, NULL, key, iv));
	openssl_run(handle, data, len);
}

const struct library_cipher library_ciphers[LIBRARY_CIPHERS] = {
	{ "libgcrypt", "aes256-ctr", "aes256-ctr with a new key", gcrypt_aes_open, gcrypt_run,
	  gcrypt_aes_run_fresh },
	{ "libgcrypt", "chacha20", "chacha20 with a new key", gcrypt_chacha20_open, gcrypt_run,
	  gcrypt_chacha20_run_fresh },
	{ "OpenSSL", "aes256-ctr", "aes256-ctr with a new key", openssl_aes_open, openssl_run,
	  openssl_run_fresh },
	{ "OpenSSL", "chacha20", "chacha20 with a new key", openssl_chacha20_open, openssl_run,
	  openssl_run_fresh },
};

/* In memory that is not locked, since the library does not say how much of that is taken. */
size_t library_handle_size(void)
{
	gcry_cipher_hd_t handle;
	size_t before = mallinfo2().uordblks, after;

	must(!gcry_cipher_open(&handle, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_CTR, 0));
	after = mallinfo2().uordblks;
	gcry_cipher_close(handle);
	return after - before;
}
