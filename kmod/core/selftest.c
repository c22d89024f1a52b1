// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "answers.h"
#include "health.h"
#include "selftest.h"
#include "sha256.h"

/* RFC 8439 A.1, test vectors 1 and 2: zero key and nonce, blocks 0 and 1. */
static const u8 chacha20_zero_key[2 * QRNG_STREAM_UNIT] = {
	0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd,
	0x28, 0xbd, 0xd2, 0x19, 0xb8, 0xa0, 0x8d, 0xed, 0x1a, 0xa8, 0x36, 0xef, 0xcc, 0x8b, 0x77,
	0x0d, 0xc7, 0xda, 0x41, 0x59, 0x7c, 0x51, 0x57, 0x48, 0x8d, 0x77, 0x24, 0xe0, 0x3f, 0xb8,
	0xd8, 0x4a, 0x37, 0x6a, 0x43, 0xb8, 0xf4, 0x15, 0x18, 0xa1, 0x1c, 0xc3, 0x87, 0xb6, 0x69,
	0xb2, 0xee, 0x65, 0x86, 0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a, 0x98, 0xba, 0x97,
	0x7c, 0x73, 0x2d, 0x08, 0x0d, 0xcb, 0x0f, 0x29, 0xa0, 0x48, 0xe3, 0x65, 0x69, 0x12, 0xc6,
	0x53, 0x3e, 0x32, 0xee, 0x7a, 0xed, 0x29, 0xb7, 0x21, 0x76, 0x9c, 0xe6, 0x4e, 0x43, 0xd5,
	0x71, 0x33, 0xb0, 0x74, 0xd8, 0x39, 0xd5, 0x31, 0xed, 0x1f, 0x28, 0x51, 0x0a, 0xfb, 0x45,
	0xac, 0xe1, 0x0a, 0x1f, 0x4b, 0x79, 0x4d, 0x6f,
};

/* RFC 8439 A.1, test vector 3: the last byte of the key is 1, block 1. */
static const u8 chacha20_one_key[QRNG_STREAM_UNIT] = {
	0x3a, 0xeb, 0x52, 0x24, 0xec, 0xf8, 0x49, 0x92, 0x9b, 0x9d, 0x82, 0x8d, 0xb1, 0xce, 0xd4,
	0xdd, 0x83, 0x20, 0x25, 0xe8, 0x01, 0x8b, 0x81, 0x60, 0xb8, 0x22, 0x84, 0xf3, 0xc9, 0x49,
	0xaa, 0x5a, 0x8e, 0xca, 0x00, 0xbb, 0xb4, 0xa7, 0x3b, 0xda, 0xd1, 0x92, 0xb5, 0xc4, 0x2f,
	0x73, 0xf2, 0xfd, 0x4e, 0x27, 0x36, 0x44, 0xc8, 0xb3, 0x61, 0x25, 0xa6, 0x4a, 0xdd, 0xeb,
	0x00, 0x6c, 0x13, 0xa0,
};

/* SP 800-38A, the key of F.1.5 and F.5.5. */
static const u8 aes256_key[QRNG_KEY_SIZE] = {
	0x60, 0x3d, 0xeb, 0x10, 0x15, 0xca, 0x71, 0xbe, 0x2b, 0x73, 0xae, 0xf0, 0x85, 0x7d, 0x77,
	0x81, 0x1f, 0x35, 0x2c, 0x07, 0x3b, 0x61, 0x08, 0xd7, 0x2d, 0x98, 0x10, 0xa3, 0x09, 0x14,
	0xdf, 0xf4,
};

/* SP 800-38A F.5.5: counter and key stream; the lowest byte overflows at once. */
static const u8 aes256_counter[QRNG_BLOCK_SIZE] = {
	0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe,
	0xff,
};

static const u8 aes256_stream[QRNG_STREAM_UNIT] = {
	0x0b, 0xdf, 0x7d, 0xf1, 0x59, 0x17, 0x16, 0x33, 0x5e, 0x9a, 0x8b, 0x15, 0xc8, 0x60, 0xc5,
	0x02, 0x5a, 0x6e, 0x69, 0x9d, 0x53, 0x61, 0x19, 0x06, 0x54, 0x33, 0x86, 0x3c, 0x8f, 0x65,
	0x7b, 0x94, 0x1b, 0xc1, 0x2c, 0x9c, 0x01, 0x61, 0x0d, 0x5d, 0x0d, 0x8b, 0xd6, 0xa3, 0x37,
	0x8e, 0xca, 0x62, 0x29, 0x56, 0xe1, 0xc8, 0x69, 0x35, 0x36, 0xb1, 0xbe, 0xe9, 0x9c, 0x73,
	0xa3, 0x15, 0x76, 0xb6,
};

/* SP 800-38A F.1.5 (FIPS 197): four blocks, and what they become. */
static const u8 aes256_plain[QRNG_STREAM_UNIT] = {
	0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17,
	0x2a, 0xae, 0x2d, 0x8a, 0x57, 0x1e, 0x03, 0xac, 0x9c, 0x9e, 0xb7, 0x6f, 0xac, 0x45, 0xaf,
	0x8e, 0x51, 0x30, 0xc8, 0x1c, 0x46, 0xa3, 0x5c, 0xe4, 0x11, 0xe5, 0xfb, 0xc1, 0x19, 0x1a,
	0x0a, 0x52, 0xef, 0xf6, 0x9f, 0x24, 0x45, 0xdf, 0x4f, 0x9b, 0x17, 0xad, 0x2b, 0x41, 0x7b,
	0xe6, 0x6c, 0x37, 0x10,
};

static const u8 aes256_cipher[QRNG_STREAM_UNIT] = {
	0xf3, 0xee, 0xd1, 0xbd, 0xb5, 0xd2, 0xa0, 0x3c, 0x06, 0x4b, 0x5a, 0x7e, 0x3d, 0xb1, 0x81,
	0xf8, 0x59, 0x1c, 0xcb, 0x10, 0xd4, 0x10, 0xed, 0x26, 0xdc, 0x5b, 0xa7, 0x4a, 0x31, 0x36,
	0x28, 0x70, 0xb6, 0xed, 0x21, 0xb9, 0x9c, 0xa6, 0xf4, 0xf9, 0xf1, 0x53, 0xe7, 0xb1, 0xbe,
	0xaf, 0xed, 0x1d, 0x23, 0x30, 0x4b, 0x7a, 0x39, 0xf9, 0xf3, 0xff, 0x06, 0x7d, 0x8d, 0x8f,
	0x9e, 0x24, 0xec, 0xc7,
};

/* FIPS 180-4 example: "abc". */
static const u8 sha256_abc[QRNG_DIGEST_SIZE] = {
	0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
	0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00,
	0x15, 0xad,
};

/* Nothing may be written behind what was asked for. */
static bool chacha20_right(void *ctx, u8 *out)
{
	static const u8 zero_key[QRNG_KEY_SIZE], one_key[QRNG_KEY_SIZE] = { [31] = 1 };
	static const u8 zero[QRNG_BLOCK_SIZE], one[QRNG_BLOCK_SIZE] = { 1 };
	const size_t len = sizeof(chacha20_zero_key);

	out[len] = 0x5a;
	qrng_host.chacha20.start(ctx, zero_key, zero);
	qrng_host.chacha20.run(ctx, out, len);
	if (memcmp(out, chacha20_zero_key, len) || out[len] != 0x5a)
		return false;
	qrng_host.chacha20.start(ctx, one_key, one);
	qrng_host.chacha20.run(ctx, out, sizeof(chacha20_one_key));
	return !memcmp(out, chacha20_one_key, sizeof(chacha20_one_key));
}

/* In two runs: the second goes on where the first stopped. */
static bool aes256_ctr_right(void *ctx, u8 *out)
{
	const size_t len = sizeof(aes256_stream);

	qrng_host.aes256_ctr.start(ctx, aes256_key, aes256_counter);
	qrng_host.aes256_ctr.run(ctx, out, QRNG_BLOCK_SIZE);
	qrng_host.aes256_ctr.run(ctx, out + QRNG_BLOCK_SIZE, len - QRNG_BLOCK_SIZE);
	return !memcmp(out, aes256_stream, len);
}

static bool aes256_ecb_right(void *ctx, u8 *blocks)
{
	memcpy(blocks, aes256_plain, sizeof(aes256_plain));
	qrng_host.aes256_ecb.start(ctx, aes256_key, aes256_counter);
	qrng_host.aes256_ecb.run(ctx, blocks, sizeof(aes256_plain));
	return !memcmp(blocks, aes256_cipher, sizeof(aes256_cipher));
}

static bool sha256_right(void *ctx, u8 *out)
{
	static const struct qrng_span spans[] = { { "a", 1 }, { "", 0 }, { "bc", 2 } };

	(void)ctx;
	qrng_sha256(spans, ARRAY_SIZE(spans), out);
	return !memcmp(out, sha256_abc, sizeof(sha256_abc));
}

/* Constant noise must not get past the tests, whatever is claimed for it. */
static bool health_right(void *ctx, u8 *out)
{
	static const u8 stuck[QRNG_STARTUP_SAMPLES];
	struct qrng_health health;

	(void)ctx;
	(void)out;
	qrng_health_init(&health, QRNG_QUALITY_MIN);
	return qrng_health_feed(&health, stuck, sizeof(stuck)) == QRNG_HEALTH_PERMANENT;
}

/* Two requests, each with fresh entropy, as NIST asks for. */
static bool ctr_drbg_answers(void *ctx, bool derive, const struct qrng_ctr_drbg_seed *first,
			     const u8 *const fresh[2], const u8 *returned, u8 *out)
{
	struct qrng_ctr_drbg_seed seed = { .entropy = { NULL, first->entropy.len } };
	struct qrng_ctr_drbg drbg;
	const size_t len = sizeof(cavp_df_returned);
	u32 i;

	if (!qrng_ctr_drbg_instantiate(&drbg, ctx, derive, first))
		return false;
	for (i = 0; i < 2; i++) {
		seed.entropy.data = fresh[i];
		if (!qrng_ctr_drbg_generate_fresh(&drbg, ctx, &seed, out, len))
			return false;
	}
	return !memcmp(out, returned, len);
}

static bool ctr_drbg_right(void *ctx, u8 *out)
{
	static const struct qrng_ctr_drbg_seed df = {
		.entropy = { cavp_df_entropy, sizeof(cavp_df_entropy) },
		.nonce = { cavp_df_nonce, sizeof(cavp_df_nonce) },
	};
	static const struct qrng_ctr_drbg_seed no_df = {
		.entropy = { cavp_no_df_entropy, sizeof(cavp_no_df_entropy) },
	};
	static const u8 *const df_fresh[2] = { cavp_df_fresh_1, cavp_df_fresh_2 };
	static const u8 *const no_df_fresh[2] = { cavp_no_df_fresh_1, cavp_no_df_fresh_2 };

	return ctr_drbg_answers(ctx, true, &df, df_fresh, cavp_df_returned, out) &&
	       ctr_drbg_answers(ctx, false, &no_df, no_df_fresh, cavp_no_df_returned, out);
}

static bool generator_answers(const struct qrng_generator_type *type, const u8 *answer, void *ctx,
			      struct qrng_generator *scratch)
{
	u8 seed[48], out[sizeof(answer_chacha20)];
	bool drawn;
	u32 i;

	for (i = 0; i < sizeof(seed); i++)
		seed[i] = i;
	qrng_generator_init(scratch, type, ctx);
	qrng_generator_reseed(scratch, seed, sizeof(seed), 1);
	drawn = qrng_generator_draw(scratch, out, 5) &&
		qrng_generator_draw(scratch, out + 5, sizeof(out) - 5);
	qrng_generator_wipe(scratch);
	return drawn && !memcmp(out, answer, sizeof(out));
}

/* Return: the name of a primitive that is wrong. */
static const char *wrong_primitive(void *ctx, u8 *out)
{
	static const struct {
		const char *name;
		bool (*right)(void *ctx, u8 *out);
	} tests[] = {
		{ "ChaCha20 (RFC 8439 A.1)", chacha20_right },
		{ "AES-256-CTR (SP 800-38A F.5.5)", aes256_ctr_right },
		{ "AES-256 (SP 800-38A F.1.5)", aes256_ecb_right },
		{ "SHA-256 (FIPS 180-4)", sha256_right },
		{ "CTR_DRBG (SP 800-90A, CAVP)", ctr_drbg_right },
		{ "health tests (SP 800-90B 4.4)", health_right },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tests); i++)
		if (!tests[i].right(ctx, out))
			return tests[i].name;
	return NULL;
}

static const char *wrong_generator(void *ctx, struct qrng_generator *scratch)
{
	static const struct {
		const struct qrng_generator_type *type;
		const u8 *answer;
	} tests[] = {
		{ &qrng_generator_chacha20, answer_chacha20 },
		{ &qrng_generator_aes256_ctr, answer_aes256_ctr },
		{ &qrng_generator_ctr_drbg, answer_ctr_drbg },
		{ &qrng_generator_fortuna, answer_fortuna },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tests); i++)
		if (!generator_answers(tests[i].type, tests[i].answer, ctx, scratch))
			return tests[i].type->name;
	return NULL;
}

/**
 * qrng_selftest() - known answers, before anything is trusted
 * @ctx: a context of the host, for the ciphers; holds nothing secret before or after
 * @scratch: room for a generator, and for what the ciphers write: too much for a stack,
 *	where a host's fastest code may be unable to write, besides
 *
 * Return: NULL when all is right, or the name of what is not.
 */
const char *qrng_selftest(void *ctx, struct qrng_generator *scratch)
{
	const char *wrong = wrong_primitive(ctx, scratch->erasure.state);

	return wrong ? wrong : wrong_generator(ctx, scratch);
}
