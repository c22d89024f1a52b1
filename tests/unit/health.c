// SPDX-License-Identifier: MIT
/* The health tests sample by sample, at their edges. */
#include "suite.h"

#include "../../kmod/core/health.h"

#define W	QRNG_APT_WINDOW

/* Claims whose cut-offs are all different; 300 and 1000 are no multiples of 64. */
static const u32 claims[] = { 64, 300, 512, 768, 1000, 1024 };

#define CLAIMS	(sizeof(claims) / sizeof(claims[0]))

static enum qrng_health_verdict feed_one(struct qrng_health *health, u8 sample)
{
	return qrng_health_feed(health, &sample, 1);
}

/* Feeds @count samples that all differ from their neighbours and from 0. */
static void feed_harmless(struct qrng_health *health, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		assert_int_equal(feed_one(health, 1 + i % 255), QRNG_HEALTH_PASS);
}

/* The smallest run whose repetitions are worth @level bits. */
static u32 run_worth(u32 quality, u32 level)
{
	u32 run = 1;

	while ((run - 1) * quality < level * 128)
		run++;
	return run;
}

static void repetition_cutoffs_follow_the_formula(void **state)
{
	struct qrng_health health;
	u32 quality, alpha;

	(void)state;
	for (quality = QRNG_QUALITY_MIN; quality <= QRNG_QUALITY_MAX; quality++) {
		qrng_health_init(&health, quality);
		assert_int_equal(health.intermittent.rct, run_worth(quality, 30));
		assert_int_equal(health.permanent.rct, run_worth(quality, 60));
		for (alpha = 20; alpha <= 40; alpha++) {
			qrng_health_claim(&health, quality, alpha);
			assert_int_equal(health.intermittent.rct, run_worth(quality, alpha));
			assert_int_equal(health.permanent.rct, run_worth(quality, 2 * alpha));
		}
	}
}

static void known_cutoffs(void **state)
{
	/* From log-gamma sums, so that table and cutoffs.py are not each other's only witness. */
	static const u32 known[][6] = {
		{ 64, 30, 61, 121, 422, 447 }, { 512, 30, 9, 16, 71, 91 },
		{ 768, 30, 6, 11, 31, 44 },    { 1024, 30, 5, 9, 16, 25 },
		{ 512, 20, 6, 11, 62, 78 },    { 768, 20, 5, 8, 25, 35 },
		{ 1024, 20, 4, 6, 13, 19 },    { 128, 20, 21, 41, 311, 336 },
	};
	struct qrng_health health;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		qrng_health_init(&health, 64);
		qrng_health_claim(&health, known[i][0], known[i][1]);
		assert_int_equal(health.intermittent.rct, known[i][2]);
		assert_int_equal(health.permanent.rct, known[i][3]);
		assert_int_equal(health.intermittent.apt, known[i][4]);
		assert_int_equal(health.permanent.apt, known[i][5]);
	}
}

/* The fewer false alarms are allowed, and the less is claimed, the later a test fails. */
static void cutoffs_move_with_claim_and_alpha(void **state)
{
	struct qrng_health health, lower, rarer;
	u32 quality, alpha;

	(void)state;
	qrng_health_init(&health, 64);
	qrng_health_init(&lower, 64);
	qrng_health_init(&rarer, 64);
	for (quality = 128; quality <= QRNG_QUALITY_MAX; quality += 64)
		for (alpha = 20; alpha < 40; alpha++) {
			qrng_health_claim(&health, quality, alpha);
			qrng_health_claim(&lower, quality - 64, alpha);
			qrng_health_claim(&rarer, quality, alpha + 1);
			assert_true(health.intermittent.apt < lower.intermittent.apt);
			assert_true(health.permanent.apt < lower.permanent.apt);
			assert_true(health.intermittent.apt <= rarer.intermittent.apt);
			assert_true(health.permanent.apt <= rarer.permanent.apt);
			assert_true(health.intermittent.apt < health.permanent.apt);
			assert_true(health.permanent.apt <= W);
		}
}

static void a_new_claim_arms_and_keeps_counters(void **state)
{
	struct qrng_health health;
	u32 run;

	(void)state;
	qrng_health_init(&health, 768);
	for (run = 0; run < health.intermittent.rct; run++)
		feed_one(&health, 0);
	feed_harmless(&health, 1024);
	assert_true(qrng_health_passed(&health));
	qrng_health_claim(&health, 1024, 20);
	assert_false(qrng_health_passed(&health));
	assert_int_equal(health.startup_left, QRNG_STARTUP_SAMPLES);
	assert_int_equal(health.rct_failures, 1);
	for (run = 1; run < 4; run++)
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_PASS);
	assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
	assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
	assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_PERMANENT);
	assert_int_equal(health.rct_failures, 3);
}

static void assert_same_cutoffs(u32 quality, u32 other)
{
	struct qrng_health a, b;

	qrng_health_init(&a, quality);
	qrng_health_init(&b, other);
	assert_memory_equal(&a.intermittent, &b.intermittent, sizeof(a.intermittent));
	assert_memory_equal(&a.permanent, &b.permanent, sizeof(a.permanent));
}

static void claims_out_of_range_are_clamped(void **state)
{
	(void)state;
	assert_same_cutoffs(0, 64);
	assert_same_cutoffs(1, 64);
	assert_same_cutoffs(63, 64);
	assert_same_cutoffs(1025, 1024);
	assert_same_cutoffs(UINT32_MAX, 1024);
}

static void alphas_out_of_range_are_clamped(void **state)
{
	static const u32 alphas[][2] = { { 0, 20 }, { 19, 20 }, { 41, 40 }, { UINT32_MAX, 40 } };
	struct qrng_health health, clamped;
	size_t i;

	(void)state;
	qrng_health_init(&health, 768);
	qrng_health_init(&clamped, 768);
	for (i = 0; i < sizeof(alphas) / sizeof(alphas[0]); i++) {
		qrng_health_claim(&health, 768, alphas[i][0]);
		qrng_health_claim(&clamped, 768, alphas[i][1]);
		assert_memory_equal(&health, &clamped, sizeof(health));
	}
}

static void proportion_cutoffs_round_the_claim_down(void **state)
{
	struct qrng_health health, step;
	u32 quality;

	(void)state;
	for (quality = QRNG_QUALITY_MIN; quality <= QRNG_QUALITY_MAX; quality++) {
		qrng_health_init(&health, quality);
		qrng_health_init(&step, quality / 64 * 64);
		assert_int_equal(health.intermittent.apt, step.intermittent.apt);
		assert_int_equal(health.permanent.apt, step.permanent.apt);
		assert_true(health.intermittent.apt < health.permanent.apt);
		assert_true(health.intermittent.rct < health.permanent.rct);
	}
}

/* A run of zeroes right at the start: a fresh test must not take itself for a sample. */
static void repetition_fails_exactly_at_its_cutoffs(void **state)
{
	struct qrng_health health;
	size_t i;
	u32 run;

	(void)state;
	for (i = 0; i < CLAIMS; i++) {
		qrng_health_init(&health, claims[i]);
		for (run = 1; run < health.intermittent.rct; run++)
			assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_PASS);
		for (; run < health.permanent.rct; run++)
			assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
		assert_int_equal(health.rct_failures, 1);
		for (; run < 70000; run++)
			assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_PERMANENT);
		assert_int_equal(health.rct_failures, 2);
	}
}

static void a_run_that_breaks_is_forgotten(void **state)
{
	struct qrng_health health;
	u32 run, round;

	(void)state;
	qrng_health_init(&health, 768);
	for (round = 0; round < 3; round++) {
		for (run = 1; run < health.intermittent.rct; run++)
			assert_int_equal(feed_one(&health, 9), QRNG_HEALTH_PASS);
		feed_harmless(&health, 1);
	}
	assert_int_equal(health.rct_failures, 0);
	for (run = 1; run < health.intermittent.rct; run++)
		feed_one(&health, 9);
	assert_int_equal(feed_one(&health, 9), QRNG_HEALTH_INTERMITTENT);
	assert_int_equal(feed_one(&health, 8), QRNG_HEALTH_PASS);
	assert_int_equal(health.rct_failures, 1);
}

/*
 * Feeds zeroes until the window has shown @zeroes of them, in runs too short for
 * the other test. Return: samples fed; the last was a zero.
 */
static u32 feed_zeroes(struct qrng_health *health, u32 zeroes, enum qrng_health_verdict *worst)
{
	enum qrng_health_verdict verdict;
	u32 fed = 0, run = 0;

	*worst = QRNG_HEALTH_PASS;
	while (zeroes) {
		if (++run == health->intermittent.rct) {
			run = 0;
			feed_harmless(health, 1);
		} else {
			verdict = feed_one(health, 0);
			*worst = verdict > *worst ? verdict : *worst;
			zeroes--;
		}
		fed++;
	}
	return fed;
}

static void proportion_fails_exactly_at_its_cutoffs(void **state)
{
	enum qrng_health_verdict worst;
	struct qrng_health health;
	u32 fed;
	size_t i;

	(void)state;
	for (i = 0; i < CLAIMS; i++) {
		qrng_health_init(&health, claims[i]);
		fed = feed_zeroes(&health, health.intermittent.apt - 1, &worst);
		assert_int_equal(worst, QRNG_HEALTH_PASS);
		feed_harmless(&health, 1);
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
		assert_int_equal(health.apt_failures, 1);
		feed_harmless(&health, 1);
		fed += 3;
		fed += feed_zeroes(&health, health.permanent.apt - health.intermittent.apt - 1, &worst);
		assert_int_equal(worst, QRNG_HEALTH_INTERMITTENT);
		assert_int_equal(health.apt_failures, 1);
		feed_harmless(&health, 1);
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_PERMANENT);
		assert_int_equal(health.apt_failures, 2);
		feed_harmless(&health, 1);
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_PERMANENT);
		assert_int_equal(health.apt_failures, 2);
		assert_true(fed + 4 <= W);
	}
}

/* Fills the first window but for its last @left samples with one zero too few. */
static void feed_all_but(struct qrng_health *health, u32 left)
{
	enum qrng_health_verdict worst;
	u32 fed = feed_zeroes(health, health->intermittent.apt - 1, &worst);

	feed_harmless(health, W - left - fed);
}

static void the_last_sample_belongs_to_the_window(void **state)
{
	struct qrng_health health;
	size_t i;

	(void)state;
	for (i = 0; i < CLAIMS; i++) {
		qrng_health_init(&health, claims[i]);
		feed_all_but(&health, 1);
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
	}
}

/* Its first sample is the one it counts, as one; what was before counts no more. */
static void the_next_window_starts_afresh(void **state)
{
	enum qrng_health_verdict worst;
	struct qrng_health health;
	size_t i;

	(void)state;
	for (i = 0; i < CLAIMS; i++) {
		qrng_health_init(&health, claims[i]);
		feed_all_but(&health, 0);
		feed_zeroes(&health, health.intermittent.apt - 1, &worst);
		assert_int_equal(worst, QRNG_HEALTH_PASS);
		assert_int_equal(health.apt_failures, 0);
		feed_harmless(&health, 1);
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
		assert_int_equal(health.apt_failures, 1);
	}
	/* A window that opens with something else does not count zeroes at all. */
	qrng_health_init(&health, 64);
	feed_harmless(&health, 1);
	feed_zeroes(&health, W - 20, &worst);
	assert_int_equal(health.apt_failures, 0);
}

static void arming_forgets_samples_but_not_counters(void **state)
{
	enum qrng_health_verdict worst;
	struct qrng_health health, before;
	u32 run;

	(void)state;
	qrng_health_init(&health, 512);
	for (run = 0; run < 1000; run++)
		feed_one(&health, 0);
	before = health;
	assert_int_equal(health.rct_failures, 2);
	assert_int_equal(health.apt_failures, 2 + 2);
	qrng_health_arm(&health, 0);
	assert_int_equal(health.rct_failures, before.rct_failures);
	assert_int_equal(health.apt_failures, before.apt_failures);
	assert_memory_equal(&health.permanent, &before.permanent, sizeof(before.permanent));
	feed_zeroes(&health, health.intermittent.apt - 1, &worst);
	assert_int_equal(worst, QRNG_HEALTH_PASS);
	qrng_health_arm(&health, 0);
	/* Still armed: the same noise fails again, at the same counts. */
	for (run = 1; run < health.intermittent.rct; run++)
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_PASS);
	assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
	assert_int_equal(health.rct_failures, before.rct_failures + 1);
}

static void a_start_up_test_takes_all_its_samples(void **state)
{
	static const u32 lengths[][2] = { { 0, 1024 }, { 1023, 1024 }, { 1024, 1024 }, { 4096, 4096 } };
	struct qrng_health health;
	size_t i;

	(void)state;
	qrng_health_init(&health, 768);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		if (i)
			qrng_health_arm(&health, lengths[i][0]);
		assert_false(qrng_health_passed(&health));
		feed_harmless(&health, lengths[i][1] - 1);
		assert_false(qrng_health_passed(&health));
		feed_harmless(&health, 1);
		assert_true(qrng_health_passed(&health));
		feed_harmless(&health, 100);
		assert_true(qrng_health_passed(&health));
	}
}

/*
 * Whatever happened before, armed tests fail just where fresh ones do. That a recovery
 * left a test asleep has happened to others.
 */
static void every_recovery_arms_every_test(void **state)
{
	enum qrng_health_verdict last;
	struct qrng_health health;
	u32 round, run;

	(void)state;
	qrng_health_init(&health, 768);
	for (round = 0; round < 20; round++) {
		qrng_health_arm(&health, 0);
		feed_harmless(&health, 1024);
		assert_true(qrng_health_passed(&health));
		for (run = 1; run < health.intermittent.rct; run++)
			assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_PASS);
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
		assert_false(qrng_health_passed(&health));
		while (feed_one(&health, 0) != QRNG_HEALTH_PERMANENT)
			run++;
		assert_true(run < health.permanent.rct);
		qrng_health_arm(&health, 0);
		feed_zeroes(&health, health.intermittent.apt - 1, &last);
		assert_int_equal(last, QRNG_HEALTH_PASS);
		feed_harmless(&health, 1);
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
		assert_false(qrng_health_passed(&health));
	}
	assert_int_equal(health.rct_failures, 2 * 20);
	assert_int_equal(health.apt_failures, 20);
}

/* A failure in the middle of a start-up test makes it begin anew. */
static void a_start_up_test_that_fails_starts_again(void **state)
{
	struct qrng_health health;
	u32 run;

	(void)state;
	qrng_health_init(&health, 768);
	feed_harmless(&health, 1000);
	for (run = 0; run < health.intermittent.rct; run++)
		feed_one(&health, 0);
	assert_false(qrng_health_passed(&health));
	feed_harmless(&health, 1023);
	assert_false(qrng_health_passed(&health));
	feed_harmless(&health, 1);
	assert_true(qrng_health_passed(&health));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(repetition_cutoffs_follow_the_formula),
	cmocka_unit_test(known_cutoffs),
	cmocka_unit_test(cutoffs_move_with_claim_and_alpha),
	cmocka_unit_test(a_new_claim_arms_and_keeps_counters),
	cmocka_unit_test(claims_out_of_range_are_clamped),
	cmocka_unit_test(alphas_out_of_range_are_clamped),
	cmocka_unit_test(proportion_cutoffs_round_the_claim_down),
	cmocka_unit_test(repetition_fails_exactly_at_its_cutoffs),
	cmocka_unit_test(a_run_that_breaks_is_forgotten),
	cmocka_unit_test(proportion_fails_exactly_at_its_cutoffs),
	cmocka_unit_test(the_last_sample_belongs_to_the_window),
	cmocka_unit_test(the_next_window_starts_afresh),
	cmocka_unit_test(arming_forgets_samples_but_not_counters),
	cmocka_unit_test(a_start_up_test_takes_all_its_samples),
	cmocka_unit_test(every_recovery_arms_every_test),
	cmocka_unit_test(a_start_up_test_that_fails_starts_again),
};

SUITE(tests)
