// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "ctr_drbg.h"

#define CHAINS	(QRNG_CTR_DRBG_SEED_SIZE / QRNG_BLOCK_SIZE)

/**
 * struct bcc - BCC (10.3.3), run three times over the same data at once
 * @chains: the chaining values, one behind the other, so that the cipher gets all of
 *	them in one go
 * @block: data until there is a block of it
 * @fill: bytes of it
 */
struct bcc {
	u8 chains[QRNG_CTR_DRBG_SEED_SIZE];
	u8 block[QRNG_BLOCK_SIZE];
	u32 fill;
};

static void xor(u8 *to, const u8 *from, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] ^= from[i];
}

static void put_be32(u8 *to, u32 value)
{
	to[0] = value >> 24;
	to[1] = value >> 16;
	to[2] = value >> 8;
	to[3] = value;
}

static void bcc_add(struct bcc *bcc, void *ctx, const u8 *data, size_t len)
{
	size_t i, chain;

	for (i = 0; i < len; i++) {
		bcc->block[bcc->fill++] = data[i];
		if (bcc->fill < QRNG_BLOCK_SIZE)
			continue;
		for (chain = 0; chain < CHAINS; chain++)
			xor(bcc->chains + chain * QRNG_BLOCK_SIZE, bcc->block, QRNG_BLOCK_SIZE);
		qrng_host.aes256_ecb.run(ctx, bcc->chains, sizeof(bcc->chains));
		bcc->fill = 0;
	}
}

/* Step 9 of the derivation function for all three i: BCC(K, i || 0... || S). */
static void bcc_of_input(struct bcc *bcc, void *ctx, const struct qrng_span *spans, size_t count)
{
	static const u8 padding[QRNG_BLOCK_SIZE] = { 0x80 };
	u8 lengths[8];
	u32 total = 0;
	size_t i;

	memset(bcc, 0, sizeof(*bcc));
	for (i = 0; i < CHAINS; i++)
		put_be32(bcc->chains + i * QRNG_BLOCK_SIZE, i);
	qrng_host.aes256_ecb.run(ctx, bcc->chains, sizeof(bcc->chains));
	for (i = 0; i < count; i++)
		total += spans[i].len;
	put_be32(lengths, total);
	put_be32(lengths + 4, QRNG_CTR_DRBG_SEED_SIZE);
	bcc_add(bcc, ctx, lengths, sizeof(lengths));
	for (i = 0; i < count; i++)
		bcc_add(bcc, ctx, spans[i].data, spans[i].len);
	bcc_add(bcc, ctx, padding, QRNG_BLOCK_SIZE - bcc->fill);
}

/* Block_Cipher_df (10.3.2) to the size of a seed. Leaves a key of its own in @ctx. */
static void block_cipher_df(void *ctx, const struct qrng_span *spans, size_t count, u8 *out)
{
	static const u8 key[QRNG_KEY_SIZE] = {
		0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a,
		0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15,
		0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
	};
	struct bcc bcc;
	u8 *x = bcc.chains + QRNG_KEY_SIZE;
	size_t i;

	qrng_host.aes256_ecb.start(ctx, key, key);
	bcc_of_input(&bcc, ctx, spans, count);
	qrng_host.aes256_ecb.start(ctx, bcc.chains, x);
	for (i = 0; i < CHAINS; i++) {
		qrng_host.aes256_ecb.run(ctx, x, QRNG_BLOCK_SIZE);
		memcpy(out + i * QRNG_BLOCK_SIZE, x, QRNG_BLOCK_SIZE);
	}
	qrng_wipe(&bcc, sizeof(bcc));
}

/* The spans as one input of the update function; false when they break the rules. */
static bool condense(const struct qrng_ctr_drbg *drbg, void *ctx, const struct qrng_span *spans,
		     size_t count, u8 material[QRNG_CTR_DRBG_SEED_SIZE])
{
	size_t i;

	/* 2^35 bits is the most the standard allows, of any of them. */
	for (i = 0; i < count; i++)
		if (spans[i].len > (drbg->derive ? 0xffffffff / 4 : QRNG_CTR_DRBG_SEED_SIZE))
			return false;
	if (drbg->derive) {
		block_cipher_df(ctx, spans, count, material);
		return true;
	}
	memset(material, 0, QRNG_CTR_DRBG_SEED_SIZE);
	for (i = 0; i < count; i++)
		xor(material, spans[i].data, spans[i].len);
	return true;
}

/* Puts the state's key into the context, to go on behind V. */
static void resume(const struct qrng_ctr_drbg *drbg, void *ctx)
{
	u8 counter[QRNG_BLOCK_SIZE];

	memcpy(counter, drbg->v, sizeof(counter));
	qrng_counter_next(counter);
	qrng_host.aes256_ctr.start(ctx, drbg->key, counter);
	qrng_wipe(counter, sizeof(counter));
}

/* CTR_DRBG_Update (10.2.1.2), from wherever the key stream is. */
static void update(struct qrng_ctr_drbg *drbg, void *ctx,
		   const u8 material[QRNG_CTR_DRBG_SEED_SIZE])
{
	u8 temp[QRNG_CTR_DRBG_SEED_SIZE];

	qrng_host.aes256_ctr.run(ctx, temp, sizeof(temp));
	xor(temp, material, sizeof(temp));
	memcpy(drbg->key, temp, sizeof(drbg->key));
	memcpy(drbg->v, temp + sizeof(drbg->key), sizeof(drbg->v));
	qrng_wipe(temp, sizeof(temp));
	resume(drbg, ctx);
}

static bool seed_state(struct qrng_ctr_drbg *drbg, void *ctx,
		       const struct qrng_ctr_drbg_seed *seed)
{
	const struct qrng_span spans[] = { seed->entropy, seed->nonce, seed->extra };
	u8 material[QRNG_CTR_DRBG_SEED_SIZE];

	if (drbg->derive ? seed->entropy.len < QRNG_KEY_SIZE :
	    seed->entropy.len != QRNG_CTR_DRBG_SEED_SIZE || seed->nonce.len)
		return false;
	if (!condense(drbg, ctx, spans, ARRAY_SIZE(spans), material))
		return false;
	resume(drbg, ctx);
	update(drbg, ctx, material);
	qrng_wipe(material, sizeof(material));
	drbg->requests = 1;
	return true;
}

/**
 * qrng_ctr_drbg_instantiate() - Instantiate (10.2.1.3)
 * @drbg: whatever it held is overwritten
 * @ctx: a context, this generator's alone
 * @derive: use the derivation function from now on
 * @seed: the first seed
 *
 * Return: false when a length of @seed is against the rules; @drbg is then unusable.
 */
bool qrng_ctr_drbg_instantiate(struct qrng_ctr_drbg *drbg, void *ctx, bool derive,
			       const struct qrng_ctr_drbg_seed *seed)
{
	qrng_wipe(drbg, sizeof(*drbg));
	drbg->derive = derive;
	return seed_state(drbg, ctx, seed);
}

/**
 * qrng_ctr_drbg_reseed() - Reseed (10.2.1.4)
 * @drbg: an instantiated generator
 * @ctx: its context
 * @seed: the new seed
 *
 * Return: false, and nothing has changed, when there was no first seed, or when a
 * length of @seed is against the rules.
 */
bool qrng_ctr_drbg_reseed(struct qrng_ctr_drbg *drbg, void *ctx,
			  const struct qrng_ctr_drbg_seed *seed)
{
	return drbg->requests && seed_state(drbg, ctx, seed);
}

static void run_any_length(void *ctx, u8 *out, size_t len)
{
	size_t tail = len % QRNG_BLOCK_SIZE;
	u8 last[QRNG_BLOCK_SIZE];

	qrng_host.aes256_ctr.run(ctx, out, len - tail);
	if (!tail)
		return;
	qrng_host.aes256_ctr.run(ctx, last, sizeof(last));
	memcpy(out + len - tail, last, tail);
	qrng_wipe(last, sizeof(last));
}

/**
 * qrng_ctr_drbg_generate() - Generate (10.2.1.5)
 * @drbg: an instantiated generator
 * @ctx: its context
 * @additional: additional input; NULL or empty for none
 * @out: where the bytes go
 * @len: how many; at most QRNG_CTR_DRBG_REQUEST_MAX
 *
 * Return: false, with @out untouched, when there was no seed, when it has served
 * 2^48 requests, or when a length is against the rules.
 */
bool qrng_ctr_drbg_generate(struct qrng_ctr_drbg *drbg, void *ctx,
			    const struct qrng_span *additional, u8 *out, size_t len)
{
	u8 material[QRNG_CTR_DRBG_SEED_SIZE] = { 0 };

	if (!drbg->requests || drbg->requests > QRNG_CTR_DRBG_REQUESTS_MAX)
		return false;
	if (len > QRNG_CTR_DRBG_REQUEST_MAX)
		return false;
	if (additional && additional->len) {
		if (!condense(drbg, ctx, additional, 1, material))
			return false;
		resume(drbg, ctx);
		update(drbg, ctx, material);
	}
	if (len)
		run_any_length(ctx, out, len);
	update(drbg, ctx, material);
	qrng_wipe(material, sizeof(material));
	drbg->requests++;
	return true;
}

/**
 * qrng_ctr_drbg_generate_fresh() - Generate with prediction resistance (9.3.1)
 * @drbg: an instantiated generator
 * @ctx: its context
 * @seed: fresh entropy, and the request's additional input
 * @out: where the bytes go
 * @len: how many; at most QRNG_CTR_DRBG_REQUEST_MAX
 *
 * Return: as of qrng_ctr_drbg_reseed() and qrng_ctr_drbg_generate().
 */
bool qrng_ctr_drbg_generate_fresh(struct qrng_ctr_drbg *drbg, void *ctx,
				  const struct qrng_ctr_drbg_seed *seed, u8 *out, size_t len)
{
	return qrng_ctr_drbg_reseed(drbg, ctx, seed) &&
	       qrng_ctr_drbg_generate(drbg, ctx, NULL, out, len);
}
