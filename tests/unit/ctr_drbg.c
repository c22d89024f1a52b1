// SPDX-License-Identifier: MIT
/* CTR_DRBG beside OpenSSL's own, which gets the same seeds. */
#include "suite.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "../../kmod/core/ctr_drbg.h"
#include "host.h"
#include "random.h"

#define ENTROPY_MAX	48
#define INPUT_MAX	48
#define OUT_MAX		QRNG_CTR_DRBG_REQUEST_MAX

static const u8 bytes[48] = "forty-eight bytes that everybody knows by heart";
static const struct qrng_ctr_drbg_seed known_seed = { .entropy = { bytes, sizeof(bytes) } };

/* Both generators, and what they were last given. */
struct pair {
	struct qrng_ctr_drbg ours;
	struct host_ctx ctx;
	EVP_RAND_CTX *source;
	EVP_RAND_CTX *theirs;
	bool derive;
	uint64_t choice;
	u8 entropy[ENTROPY_MAX];
	u8 nonce[16];
	u8 input[INPUT_MAX];
};

static void fill(uint64_t *choice, u8 *to, size_t len)
{
	while (len--)
		*to++ = random_next(choice);
}

static EVP_RAND_CTX *new_rand(const char *name, EVP_RAND_CTX *parent)
{
	EVP_RAND *rand = EVP_RAND_fetch(NULL, name, NULL);
	EVP_RAND_CTX *ctx = EVP_RAND_CTX_new(rand, parent);

	EVP_RAND_free(rand);
	assert_non_null(ctx);
	return ctx;
}

static void pair_open(struct pair *pair, bool derive, uint64_t choice)
{
	unsigned int strength = 256;
	char cipher[] = "AES-256-CTR";
	int df = derive;
	const OSSL_PARAM source[] = {
		OSSL_PARAM_construct_uint(OSSL_RAND_PARAM_STRENGTH, &strength),
		OSSL_PARAM_construct_end(),
	};
	const OSSL_PARAM drbg[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_CIPHER, cipher, 0),
		OSSL_PARAM_construct_int(OSSL_DRBG_PARAM_USE_DF, &df),
		OSSL_PARAM_construct_end(),
	};

	memset(pair, 0, sizeof(*pair));
	pair->derive = derive;
	pair->choice = choice;
	pair->source = new_rand("TEST-RAND", NULL);
	assert_true(EVP_RAND_CTX_set_params(pair->source, source));
	assert_true(EVP_RAND_instantiate(pair->source, 256, 0, NULL, 0, source));
	pair->theirs = new_rand("CTR-DRBG", pair->source);
	assert_true(EVP_RAND_CTX_set_params(pair->theirs, drbg));
}

static void pair_close(struct pair *pair)
{
	EVP_RAND_CTX_free(pair->theirs);
	EVP_RAND_CTX_free(pair->source);
}

/* New entropy, nonce and input, for both. */
static void pair_give(struct pair *pair, struct qrng_ctr_drbg_seed *seed, bool first)
{
	size_t entropy = pair->derive ? 32 : 48, nonce = first && pair->derive ? 16 : 0;
	size_t input = random_below(&pair->choice, 2) ? random_below(&pair->choice, 49) : 0;
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, pair->entropy,
						  entropy),
		OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_NONCE, pair->nonce, 16),
		OSSL_PARAM_construct_end(),
	};

	fill(&pair->choice, pair->entropy, entropy);
	fill(&pair->choice, pair->nonce, sizeof(pair->nonce));
	fill(&pair->choice, pair->input, input);
	assert_true(EVP_RAND_CTX_set_params(pair->source, params));
	*seed = (struct qrng_ctr_drbg_seed){
		{ pair->entropy, entropy }, { pair->nonce, nonce }, { pair->input, input },
	};
}

static void pair_seed(struct pair *pair, bool first)
{
	struct qrng_ctr_drbg_seed seed;

	pair_give(pair, &seed, first);
	if (first) {
		assert_true(EVP_RAND_instantiate(pair->theirs, 256, 0, seed.extra.data,
						 seed.extra.len, NULL));
		assert_true(qrng_ctr_drbg_instantiate(&pair->ours, &pair->ctx, pair->derive, &seed));
	} else {
		assert_true(EVP_RAND_reseed(pair->theirs, 0, NULL, 0, seed.extra.data,
					    seed.extra.len));
		assert_true(qrng_ctr_drbg_reseed(&pair->ours, &pair->ctx, &seed));
	}
}

static void pair_draw(struct pair *pair, size_t len, bool fresh)
{
	u8 *ours = malloc(len), *theirs = malloc(len);
	struct qrng_ctr_drbg_seed seed;

	pair_give(pair, &seed, false);
	assert_true(EVP_RAND_generate(pair->theirs, theirs, len, 256, fresh, seed.extra.data,
				      seed.extra.len));
	if (fresh)
		assert_true(qrng_ctr_drbg_generate_fresh(&pair->ours, &pair->ctx, &seed, ours, len));
	else
		assert_true(qrng_ctr_drbg_generate(&pair->ours, &pair->ctx, &seed.extra, ours, len));
	assert_memory_equal(ours, theirs, len);
	free(ours);
	free(theirs);
}

static void it_agrees_with_another(void **state)
{
	static const size_t borders[] = { 1, 15, 16, 17, 31, 32, 33, 64, 100, 4096, 65535, 65536 };
	struct pair pair;
	u32 round, i;

	(void)state;
	for (round = 0; round < 40; round++) {
		pair_open(&pair, round % 2, round + 1);
		pair_seed(&pair, true);
		for (i = 0; i < sizeof(borders) / sizeof(borders[0]); i++) {
			pair_draw(&pair, borders[i], random_below(&pair.choice, 3) == 0);
			if (random_below(&pair.choice, 4) == 0)
				pair_seed(&pair, false);
		}
		pair_close(&pair);
	}
}

static void without_a_seed_it_refuses(void **state)
{
	struct qrng_ctr_drbg drbg = { 0 };
	struct host_ctx ctx = { 0 };
	u8 out[4] = "not";

	(void)state;
	assert_false(qrng_ctr_drbg_generate(&drbg, &ctx, NULL, out, sizeof(out)));
	assert_false(qrng_ctr_drbg_generate_fresh(&drbg, &ctx, &known_seed, out, sizeof(out)));
	assert_false(qrng_ctr_drbg_reseed(&drbg, &ctx, &known_seed));
	assert_string_equal(out, "not");
}

static void lengths_against_the_rules_are_refused(void **state)
{
	static const struct {
		bool derive;
		bool good;
		size_t entropy, nonce, extra;
	} cases[] = {
		{ true, true, 32, 16, 0 },    { true, true, 48, 0, 0 },	  { true, false, 31, 16, 0 },
		{ true, false, 0, 16, 48 },   { true, true, 32, 16, 48 }, { false, true, 48, 0, 48 },
		{ false, false, 47, 0, 0 },   { false, false, 48, 1, 0 }, { false, true, 48, 0, 1 },
		{ true, false, 32, 16, 1ul << 31 }, { false, false, 48, 0, 49 },
		{ true, false, 1ul << 33, 0, 0 },
	};
	struct qrng_ctr_drbg drbg;
	struct host_ctx ctx;
	u8 out[4];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct qrng_ctr_drbg_seed seed = {
			{ bytes, cases[i].entropy }, { bytes, cases[i].nonce }, { bytes, cases[i].extra },
		};

		assert_int_equal(qrng_ctr_drbg_instantiate(&drbg, &ctx, cases[i].derive, &seed),
				 cases[i].good);
		assert_int_equal(qrng_ctr_drbg_generate(&drbg, &ctx, NULL, out, sizeof(out)),
				 cases[i].good);
	}
}

static void a_refused_reseed_changes_nothing(void **state)
{
	const struct qrng_ctr_drbg_seed bad = { .entropy = { bytes, 47 } };
	const struct qrng_span too_long = { bytes, 49 };
	struct qrng_ctr_drbg drbg, before;
	struct host_ctx ctx, ctx_before;
	u8 *out = malloc(OUT_MAX + 1);

	(void)state;
	assert_true(qrng_ctr_drbg_instantiate(&drbg, &ctx, false, &known_seed));
	before = drbg;
	ctx_before = ctx;
	assert_false(qrng_ctr_drbg_reseed(&drbg, &ctx, &bad));
	assert_false(qrng_ctr_drbg_generate(&drbg, &ctx, &too_long, out, 1));
	assert_false(qrng_ctr_drbg_generate(&drbg, &ctx, NULL, out, OUT_MAX + 1));
	assert_memory_equal(&drbg, &before, sizeof(drbg));
	assert_memory_equal(&ctx, &ctx_before, sizeof(ctx));
	assert_true(qrng_ctr_drbg_generate(&drbg, &ctx, NULL, out, OUT_MAX));
	free(out);
}

static void it_serves_2_to_the_48_requests(void **state)
{
	struct qrng_ctr_drbg drbg;
	struct host_ctx ctx;
	u8 out[1];

	(void)state;
	assert_true(qrng_ctr_drbg_instantiate(&drbg, &ctx, true, &known_seed));
	assert_int_equal(drbg.requests, 1);
	assert_true(qrng_ctr_drbg_generate(&drbg, &ctx, NULL, out, 1));
	assert_int_equal(drbg.requests, 2);
	drbg.requests = 1ull << 48;
	assert_true(qrng_ctr_drbg_generate(&drbg, &ctx, NULL, out, 1));
	assert_false(qrng_ctr_drbg_generate(&drbg, &ctx, NULL, out, 1));
	assert_false(qrng_ctr_drbg_generate(&drbg, &ctx, NULL, out, 1));
	assert_true(qrng_ctr_drbg_reseed(&drbg, &ctx, &known_seed));
	assert_int_equal(drbg.requests, 1);
	assert_true(qrng_ctr_drbg_generate(&drbg, &ctx, NULL, out, 1));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(it_agrees_with_another),
	cmocka_unit_test(without_a_seed_it_refuses),
	cmocka_unit_test(lengths_against_the_rules_are_refused),
	cmocka_unit_test(a_refused_reseed_changes_nothing),
	cmocka_unit_test(it_serves_2_to_the_48_requests),
};

SUITE(tests)
