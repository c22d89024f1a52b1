// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "fortuna.h"
#include "sha256.h"

/* Counters written before the cipher works on them: enough to keep it busy. */
#define STRETCH		(256 * QRNG_BLOCK_SIZE)

static void count_up(u8 counter[QRNG_BLOCK_SIZE])
{
	unsigned int i = 0;

	while (i < QRNG_BLOCK_SIZE && !++counter[i])
		i++;
}

static bool is_zero(const u8 counter[QRNG_BLOCK_SIZE])
{
	u8 any = 0;
	unsigned int i;

	for (i = 0; i < QRNG_BLOCK_SIZE; i++)
		any |= counter[i];
	return !any;
}

/* Only what changes is written anew: a byte that was, the processor waits for. */
static void put_counters(u8 counter[QRNG_BLOCK_SIZE], u8 *out, size_t len)
{
	u8 low = counter[0];

	for (; len; out += QRNG_BLOCK_SIZE, len -= QRNG_BLOCK_SIZE) {
		memcpy(out, counter, QRNG_BLOCK_SIZE);
		out[0] = low++;
		if (!low) {
			counter[0] = 0xff;
			count_up(counter);
		}
	}
	counter[0] = low;
}

/* GenerateBlocks: counters, encrypted where they stand. */
static void generate_blocks(struct qrng_fortuna *fortuna, void *ctx, u8 *out, size_t len)
{
	size_t part;

	for (; len; out += part, len -= part) {
		part = len < STRETCH ? len : STRETCH;
		put_counters(fortuna->counter, out, part);
		qrng_host.aes256_ecb.run(ctx, out, part);
	}
}

/**
 * qrng_fortuna_reseed() - mix a seed into the key
 * @fortuna: zeroed before the first seed
 * @ctx: a context, this generator's alone
 * @seed: arbitrary bytes
 * @len: how many
 *
 * K = SHA-256d(K || seed), C = C + 1.
 */
void qrng_fortuna_reseed(struct qrng_fortuna *fortuna, void *ctx, const void *seed, size_t len)
{
	struct qrng_hash hash;

	qrng_host.sha256_init(&hash);
	qrng_host.sha256_update(&hash, fortuna->key, sizeof(fortuna->key));
	qrng_host.sha256_update(&hash, seed, len);
	qrng_sha256d_final(&hash, fortuna->key);
	count_up(fortuna->counter);
	qrng_host.aes256_ecb.start(ctx, fortuna->key, fortuna->counter);
}

/**
 * qrng_fortuna_generate() - PseudoRandomData
 * @fortuna: the generator
 * @ctx: its context
 * @out: where the bytes go
 * @len: how many; at most QRNG_FORTUNA_REQUEST_MAX
 *
 * Return: false, with @out untouched, when there was no seed yet or @len is too large.
 */
bool qrng_fortuna_generate(struct qrng_fortuna *fortuna, void *ctx, u8 *out, size_t len)
{
	size_t tail = len % QRNG_BLOCK_SIZE;
	u8 last[QRNG_BLOCK_SIZE];

	if (is_zero(fortuna->counter) || len > QRNG_FORTUNA_REQUEST_MAX)
		return false;
	generate_blocks(fortuna, ctx, out, len - tail);
	if (tail) {
		generate_blocks(fortuna, ctx, last, sizeof(last));
		memcpy(out + len - tail, last, tail);
		qrng_wipe(last, sizeof(last));
	}
	generate_blocks(fortuna, ctx, fortuna->key, sizeof(fortuna->key));
	qrng_host.aes256_ecb.start(ctx, fortuna->key, fortuna->counter);
	return true;
}
