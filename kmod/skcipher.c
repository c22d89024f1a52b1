// SPDX-License-Identifier: GPL-2.0-only
#include <crypto/internal/simd.h>
#include <crypto/skcipher.h>
#include <linux/crypto.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <asm/simd.h>

#include "skcipher.h"

/*
 * Devices beside the CPU would get the keys by DMA, keep readers waiting, and may refuse
 * a key when their memory is short.
 */
#define NOT_WANTED	(CRYPTO_ALG_ALLOCATES_MEMORY | CRYPTO_ALG_KERN_DRIVER_ONLY)

/* Plain C, with its tables in a cache that others watch, is registered with 100. */
#define INSTRUCTIONS	200

/* What is encrypted in its place goes there in pieces whose length fits an int. */
#define REQUEST_MAX	SZ_1M

/**
 * qrng_skcipher_init() - get a cipher from the kernel
 * @cipher: set to all zeroes if there is none
 * @name: as the crypto API knows it, "ctr(aes)" or "ecb(aes)"
 *
 * What it gets may be marked asynchronous: up to 6.14 all that use vector registers are,
 * because of callers who may not use them. qrng_skcipher_stream() never is such a caller.
 *
 * Context: process context, sleeps, and may load modules.
 * Return: is there one?
 */
bool qrng_skcipher_init(struct qrng_skcipher *cipher, const char *name)
{
	struct crypto_skcipher *tfm = crypto_alloc_skcipher(name, 0, NOT_WANTED);

	memset(cipher, 0, sizeof(*cipher));
	if (IS_ERR(tfm))
		return false;
	cipher->request = skcipher_request_alloc(tfm, GFP_KERNEL);
	if (!cipher->request) {
		crypto_free_skcipher(tfm);
		return false;
	}
	cipher->tfm = tfm;
	return true;
}

/**
 * qrng_skcipher_free() - give it back, its key wiped
 * @cipher: set to all zeroes; may be that before
 */
void qrng_skcipher_free(struct qrng_skcipher *cipher)
{
	if (!cipher->tfm)
		return;
	skcipher_request_free(cipher->request);
	crypto_free_skcipher(cipher->tfm);
	memset(cipher, 0, sizeof(*cipher));
}

/**
 * qrng_skcipher_has_instructions() - is it better than the library?
 * @cipher: any
 *
 * Return: true if it is.
 */
bool qrng_skcipher_has_instructions(const struct qrng_skcipher *cipher)
{
	return cipher->tfm &&
	       crypto_skcipher_tfm(cipher->tfm)->__crt_alg->cra_priority >= INSTRUCTIONS;
}

/**
 * qrng_skcipher_driver() - what the kernel chose
 * @cipher: any
 *
 * Return: its name, or NULL for none.
 */
const char *qrng_skcipher_driver(const struct qrng_skcipher *cipher)
{
	return cipher->tfm ? crypto_tfm_alg_driver_name(crypto_skcipher_tfm(cipher->tfm)) : NULL;
}

/**
 * qrng_skcipher_key() - replace the key
 * @cipher: any; all zeroes afterwards if the new key does not fit, for the old one must
 *	not stay
 * @key: the new key
 */
void qrng_skcipher_key(struct qrng_skcipher *cipher, const u8 key[QRNG_KEY_SIZE])
{
	if (cipher->tfm && crypto_skcipher_setkey(cipher->tfm, key, QRNG_KEY_SIZE))
		qrng_skcipher_free(cipher);
}

/*
 * Stacks and modules are mapped by page tables of their own, where a scatterlist can not
 * point. Blocks across a page's end, or at odd addresses, would take a detour through
 * memory that nobody wipes. And where vector registers may not be used, another thread
 * would do the work while we wait.
 */
static bool fits(const struct qrng_skcipher *cipher, const u8 *data)
{
	unsigned long align = QRNG_BLOCK_SIZE - 1;

	if (!cipher->tfm || !crypto_simd_usable())
		return false;
	align |= crypto_skcipher_alignmask(cipher->tfm);
	return !((unsigned long)data & align) && virt_addr_valid(data);
}

static bool run(struct qrng_skcipher *cipher, struct scatterlist *from, u8 *counter, u8 *data,
		size_t len)
{
	struct scatterlist to;
	DECLARE_CRYPTO_WAIT(wait);

	sg_init_one(&to, data, len);
	skcipher_request_set_callback(cipher->request, 0, crypto_req_done, &wait);
	skcipher_request_set_crypt(cipher->request, from ?: &to, &to, len, counter);
	return !crypto_wait_req(crypto_skcipher_encrypt(cipher->request), &wait);
}

/**
 * qrng_skcipher_stream() - write key stream
 * @cipher: "ctr(aes)" with a key, or none
 * @counter: where in the stream; moves on
 * @data: where to
 * @len: a multiple of the block size
 *
 * The stream is zeroes, encrypted. They come from a page of their own: to encrypt in
 * place would need them written first, and lets some drivers keep key stream on the
 * stack.
 *
 * Context: process context.
 * Return: false if this memory, or this context, is not for the cipher; @counter is as it
 * was, @data is not.
 */
bool qrng_skcipher_stream(struct qrng_skcipher *cipher, u8 counter[QRNG_BLOCK_SIZE], u8 *data,
			  size_t len)
{
	struct scatterlist zeroes;
	u8 start[QRNG_BLOCK_SIZE];
	size_t part;

	if (!fits(cipher, data))
		return false;
	memcpy(start, counter, sizeof(start));
	sg_init_table(&zeroes, 1);
	sg_set_page(&zeroes, ZERO_PAGE(0), PAGE_SIZE, 0);
	for (; len; data += part, len -= part) {
		part = min_t(size_t, len, PAGE_SIZE);
		if (!run(cipher, &zeroes, counter, data, part)) {
			memcpy(counter, start, sizeof(start));
			return false;
		}
	}
	return true;
}

/**
 * qrng_skcipher_blocks() - encrypt blocks where they are
 * @cipher: "ecb(aes)" with a key, or none
 * @data: the blocks
 * @len: a multiple of the block size
 *
 * Context: process context.
 * Return: false if this memory, or this context, is not for the cipher.
 */
bool qrng_skcipher_blocks(struct qrng_skcipher *cipher, u8 *data, size_t len)
{
	size_t part;

	if (!fits(cipher, data))
		return false;
	for (; len; data += part, len -= part) {
		part = min_t(size_t, len, REQUEST_MAX);
		if (!run(cipher, NULL, NULL, data, part))
			return false;
	}
	return true;
}
