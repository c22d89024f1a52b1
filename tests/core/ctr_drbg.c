// SPDX-License-Identifier: MIT
/* CTR_DRBG against the vectors of NIST's CAVP, and its limits. */
#include "../../kmod/core/ctr_drbg.h"
#include "cases.h"
#include "vectors.h"

#define ROOM	    64 /* bytes that a vector returns */
#define VECTORS	    480
#define REQUEST_MAX QRNG_CTR_DRBG_REQUEST_MAX

static struct qrng_span span_of(const struct bytes *bytes)
{
	return (struct qrng_span){ bytes->at, bytes->len };
}

static bool instantiate(struct qrng_case *c, struct qrng_ctr_drbg *drbg,
			const struct drbg_vector *v)
{
	const struct qrng_ctr_drbg_seed seed = {
		.entropy = span_of(&v->entropy),
		.nonce = span_of(&v->nonce),
		.extra = span_of(&v->personal),
	};

	return qrng_ctr_drbg_instantiate(drbg, c->ctx[0], v->df, &seed);
}

static bool reseed(struct qrng_case *c, struct qrng_ctr_drbg *drbg, const struct drbg_vector *v)
{
	const struct qrng_ctr_drbg_seed seed = {
		.entropy = span_of(&v->reseed_entropy),
		.extra = span_of(&v->reseed_additional),
	};

	return qrng_ctr_drbg_reseed(drbg, c->ctx[0], &seed);
}

static bool generate(struct qrng_case *c, struct qrng_ctr_drbg *drbg, const struct drbg_vector *v,
		     u32 request, u8 *out)
{
	const struct qrng_span additional = span_of(&v->additional[request]);
	const struct qrng_ctr_drbg_seed fresh = {
		.entropy = span_of(&v->fresh[request]),
		.extra = additional,
	};

	if (fresh.entropy.len)
		return qrng_ctr_drbg_generate_fresh(drbg, c->ctx[0], &fresh, out, v->returned.len);
	return qrng_ctr_drbg_generate(drbg, c->ctx[0], &additional, out, v->returned.len);
}

static void expect_vector(struct qrng_case *c, const struct drbg_vector *v)
{
	struct qrng_ctr_drbg drbg;
	u8 out[ROOM];

	c->at = v->at;
	if (!EXPECT(c, v->returned.len == ROOM) || !EXPECT(c, instantiate(c, &drbg, v)))
		return;
	if (v->reseed_entropy.len)
		EXPECT(c, reseed(c, &drbg, v));
	EXPECT(c, generate(c, &drbg, v, 0, out));
	EXPECT(c, generate(c, &drbg, v, 1, out));
	EXPECT_BYTES(c, out, v->returned.at, ROOM);
}

/* Half of them with the derivation function, half without. */
static void expect_vectors(struct qrng_case *c, const struct drbg_vector *vectors, u32 count)
{
	u32 i, derived = 0;

	for (i = 0; i < count; i++) {
		derived += vectors[i].df;
		expect_vector(c, &vectors[i]);
	}
	EXPECT(c, count == VECTORS && derived == VECTORS / 2);
}

void case_ctr_drbg_no_reseed(struct qrng_case *c)
{
	expect_vectors(c, ctr_drbg_no_reseed_vectors, ctr_drbg_no_reseed_count);
}

void case_ctr_drbg_reseed(struct qrng_case *c)
{
	expect_vectors(c, ctr_drbg_pr_false_vectors, ctr_drbg_pr_false_count);
}

void case_ctr_drbg_prediction_resistance(struct qrng_case *c)
{
	expect_vectors(c, ctr_drbg_pr_true_vectors, ctr_drbg_pr_true_count);
}

static bool seed_fits(struct qrng_case *c, bool derive, size_t entropy, size_t nonce, size_t extra)
{
	static const u8 some[QRNG_CTR_DRBG_SEED_SIZE + 1];
	const struct qrng_ctr_drbg_seed seed = {
		{ some, entropy },
		{ some, nonce },
		{ some, extra },
	};
	struct qrng_ctr_drbg drbg;

	return qrng_ctr_drbg_instantiate(&drbg, c->ctx[0], derive, &seed);
}

void case_ctr_drbg_refuses_wrong_seeds(struct qrng_case *c)
{
	EXPECT(c, seed_fits(c, true, 32, 16, 0));
	EXPECT(c, seed_fits(c, true, 49, 0, 49));
	EXPECT(c, !seed_fits(c, true, 31, 16, 0));
	EXPECT(c, seed_fits(c, false, 48, 0, 48));
	EXPECT(c, !seed_fits(c, false, 47, 0, 0));
	EXPECT(c, !seed_fits(c, false, 49, 0, 0));
	EXPECT(c, !seed_fits(c, false, 48, 1, 0));
	EXPECT(c, !seed_fits(c, false, 48, 0, 49));
}

void case_ctr_drbg_keeps_its_limits(struct qrng_case *c)
{
	static const u8 seed_bytes[QRNG_CTR_DRBG_SEED_SIZE];
	const struct qrng_ctr_drbg_seed seed = { .entropy = { seed_bytes, sizeof(seed_bytes) } };
	static u8 out[REQUEST_MAX + 1];
	struct qrng_ctr_drbg drbg = { .requests = 0 };

	EXPECT(c, !qrng_ctr_drbg_generate(&drbg, c->ctx[0], NULL, out, 1));
	EXPECT(c, !qrng_ctr_drbg_reseed(&drbg, c->ctx[0], &seed));
	EXPECT(c, qrng_ctr_drbg_instantiate(&drbg, c->ctx[0], false, &seed));
	EXPECT(c, qrng_ctr_drbg_generate(&drbg, c->ctx[0], NULL, out, REQUEST_MAX));
	EXPECT(c, !qrng_ctr_drbg_generate(&drbg, c->ctx[0], NULL, out, REQUEST_MAX + 1));
	/* SP 800-90A, table 3: the 2^48th request is the last. */
	drbg.requests = 1ull << 48;
	EXPECT(c, qrng_ctr_drbg_generate(&drbg, c->ctx[0], NULL, out, 16));
	EXPECT(c, !qrng_ctr_drbg_generate(&drbg, c->ctx[0], NULL, out, 16));
	EXPECT(c, qrng_ctr_drbg_reseed(&drbg, c->ctx[0], &seed));
	EXPECT(c, qrng_ctr_drbg_generate(&drbg, c->ctx[0], NULL, out, 16));
}
