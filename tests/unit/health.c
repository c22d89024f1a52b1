// SPDX-License-Identifier: MIT
#include "suite.h"

#include "../../kmod/core/health.h"
#include "health_model.h"
#include "host.h"
#include "random.h"

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

static void repetition_cutoffs_follow_the_formula(void **state)
{
	struct qrng_health health;
	u32 quality, level, wanted;

	(void)state;
	for (quality = QRNG_QUALITY_MIN; quality <= QRNG_QUALITY_MAX; quality++) {
		qrng_health_init(&health, quality);
		for (level = 30; level <= 60; level += 30) {
			/* The smallest run whose repetitions are worth @level bits. */
			for (wanted = 1; (wanted - 1) * quality < level * 128; wanted++)
				;
			assert_int_equal(level == 30 ? health.intermittent.rct :
						       health.permanent.rct, wanted);
		}
	}
}

static void known_cutoffs(void **state)
{
	/* From log-gamma sums, so that table and cutoffs.py are not each other's only witness. */
	static const u32 known[][5] = {
		{ 64, 61, 121, 422, 447 }, { 512, 9, 16, 71, 91 },
		{ 768, 6, 11, 31, 44 },	   { 1024, 5, 9, 16, 25 },
	};
	struct qrng_health health;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		qrng_health_init(&health, known[i][0]);
		assert_int_equal(health.intermittent.rct, known[i][1]);
		assert_int_equal(health.permanent.rct, known[i][2]);
		assert_int_equal(health.intermittent.apt, known[i][3]);
		assert_int_equal(health.permanent.apt, known[i][4]);
	}
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
static u32 feed_zeroes(struct qrng_health *health, u32 zeroes, enum qrng_health_verdict *last)
{
	u32 fed = 0, run = 0;

	while (zeroes) {
		if (++run == health->intermittent.rct) {
			run = 0;
			feed_harmless(health, 1);
		} else {
			*last = feed_one(health, 0);
			zeroes--;
		}
		fed++;
	}
	return fed;
}

static void proportion_fails_exactly_at_its_cutoffs(void **state)
{
	enum qrng_health_verdict last;
	struct qrng_health health;
	u32 fed;
	size_t i;

	(void)state;
	for (i = 0; i < CLAIMS; i++) {
		qrng_health_init(&health, claims[i]);
		fed = feed_zeroes(&health, health.intermittent.apt - 1, &last);
		assert_int_equal(last, QRNG_HEALTH_PASS);
		feed_harmless(&health, 1);
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
		assert_int_equal(health.apt_failures, 1);
		feed_harmless(&health, 1);
		fed += 3;
		fed += feed_zeroes(&health, health.permanent.apt - health.intermittent.apt - 1, &last);
		assert_int_equal(last, QRNG_HEALTH_INTERMITTENT);
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
	enum qrng_health_verdict last;
	u32 fed = feed_zeroes(health, health->intermittent.apt - 1, &last);

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
	enum qrng_health_verdict last;
	struct qrng_health health;
	size_t i;

	(void)state;
	for (i = 0; i < CLAIMS; i++) {
		qrng_health_init(&health, claims[i]);
		feed_all_but(&health, 0);
		feed_zeroes(&health, health.intermittent.apt - 1, &last);
		assert_int_equal(last, QRNG_HEALTH_PASS);
		assert_int_equal(health.apt_failures, 0);
		feed_harmless(&health, 1);
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
		assert_int_equal(health.apt_failures, 1);
	}
	/* A window that opens with something else does not count zeroes at all. */
	qrng_health_init(&health, 64);
	feed_harmless(&health, 1);
	feed_zeroes(&health, W - 20, &last);
	assert_int_equal(health.apt_failures, 0);
}

static void a_rearm_forgets_samples_but_not_counters(void **state)
{
	enum qrng_health_verdict last;
	struct qrng_health health, before;
	u32 run;

	(void)state;
	qrng_health_init(&health, 512);
	for (run = 0; run < 1000; run++)
		feed_one(&health, 0);
	before = health;
	assert_int_equal(health.rct_failures, 2);
	assert_int_equal(health.apt_failures, 2 + 2);
	qrng_health_rearm(&health);
	assert_int_equal(health.rct_failures, before.rct_failures);
	assert_int_equal(health.apt_failures, before.apt_failures);
	assert_memory_equal(&health.permanent, &before.permanent, sizeof(before.permanent));
	feed_zeroes(&health, health.intermittent.apt - 1, &last);
	assert_int_equal(last, QRNG_HEALTH_PASS);
	qrng_health_rearm(&health);
	/* Still armed: the same noise fails again, at the same counts. */
	for (run = 1; run < health.intermittent.rct; run++)
		assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_PASS);
	assert_int_equal(feed_one(&health, 0), QRNG_HEALTH_INTERMITTENT);
	assert_int_equal(health.rct_failures, before.rct_failures + 1);
}

/* Good, sticky, lop-sided and few-valued noise, after one another in any order. */
static void make_noise(u8 *noise, size_t len, uint64_t *choice)
{
	size_t i, left = 0;
	unsigned int kind = 0;

	for (i = 0; i < len; i++) {
		if (!left--) {
			kind = random_below(choice, 5);
			left = random_below(choice, 2000);
		}
		noise[i] = random_next(choice);
		if (kind == 1 && i && random_below(choice, 8))
			noise[i] = noise[i - 1];
		else if (kind == 2 && random_below(choice, 12) == 0)
			noise[i] = 77;
		else if (kind == 3)
			noise[i] &= 0x0f;
		else if (kind == 4)
			noise[i] = 0x55;
	}
}

static void every_verdict_is_that_of_the_standard(void **state)
{
	const size_t len = 60000;
	u8 *noise = malloc(len);
	struct qrng_health health;
	struct health_model model;
	u32 seen[3] = { 0 };
	uint64_t choice = 3;
	size_t i, at;

	(void)state;
	make_noise(noise, len, &choice);
	for (i = 0; i < CLAIMS; i++) {
		qrng_health_init(&health, claims[i]);
		health_model_init(&model, noise, &health.intermittent, &health.permanent);
		for (at = 0; at < len; at++) {
			enum qrng_health_verdict verdict = health_model_verdict(&model, at);

			seen[verdict]++;
			assert_int_equal(feed_one(&health, noise[at]), verdict);
		}
		assert_int_equal(health.rct_failures, model.rct_failures);
		assert_int_equal(health.apt_failures, model.apt_failures);
	}
	diag("verdicts compared: %u pass, %u intermittent, %u permanent\n", seen[0], seen[1],
	     seen[2]);
	assert_true(seen[1] > 1000 && seen[2] > 1000);
	free(noise);
}

static void pieces_are_judged_as_the_whole(void **state)
{
	enum qrng_health_verdict worst, verdict, counts[3] = { 0 };
	struct qrng_health whole, pieces;
	uint64_t choice = 4;
	u8 noise[3000];
	size_t round, at, part;

	(void)state;
	for (round = 0; round < 600; round++) {
		make_noise(noise, sizeof(noise), &choice);
		qrng_health_init(&whole, claims[round % CLAIMS]);
		pieces = whole;
		worst = QRNG_HEALTH_PASS;
		for (at = 0; at < sizeof(noise); at += part) {
			part = random_below(&choice, random_below(&choice, 2) ? 4 : 900);
			if (part > sizeof(noise) - at)
				part = sizeof(noise) - at;
			verdict = qrng_health_feed(&pieces, noise + at, part);
			worst = verdict > worst ? verdict : worst;
		}
		verdict = qrng_health_feed(&whole, noise, sizeof(noise));
		assert_int_equal(verdict, worst);
		assert_memory_equal(&whole, &pieces, sizeof(whole));
		counts[worst]++;
	}
	assert_true(counts[QRNG_HEALTH_PASS] && counts[QRNG_HEALTH_PERMANENT]);
}

static void every_stuck_value_is_caught_at_start_up(void **state)
{
	u8 noise[QRNG_STARTUP_SAMPLES];
	struct qrng_health health;
	unsigned int value;
	size_t i;

	(void)state;
	for (i = 0; i < CLAIMS; i++)
		for (value = 0; value < 256; value++) {
			qrng_health_init(&health, claims[i]);
			memset(noise, value, sizeof(noise));
			assert_int_equal(qrng_health_feed(&health, noise, sizeof(noise)),
					 QRNG_HEALTH_PERMANENT);
		}
}

/* Without a single repetition, so that only the proportion test can see it. */
static void alternating_noise_is_caught(void **state)
{
	struct qrng_health health;
	u8 noise[QRNG_STARTUP_SAMPLES];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(noise); i++)
		noise[i] = i % 2 ? 0xaa : 0x55;
	qrng_health_init(&health, 768);
	assert_int_equal(qrng_health_feed(&health, noise, sizeof(noise)), QRNG_HEALTH_PERMANENT);
	assert_int_equal(health.rct_failures, 0);
	/* Two values are half a bit a byte and more: at that claim it is in order. */
	qrng_health_init(&health, 64);
	assert_int_equal(qrng_health_feed(&health, noise, sizeof(noise)), QRNG_HEALTH_PASS);
}

static void biased_noise_is_caught(void **state)
{
	struct qrng_health health;
	u8 noise[64 * W];
	uint64_t choice = 5;
	size_t i;

	(void)state;
	/* One bit in eight of noise is left: a byte is one value in seven of eight. */
	for (i = 0; i < sizeof(noise); i++)
		noise[i] = random_below(&choice, 8) ? 0xff : random_next(&choice);
	qrng_health_init(&health, 768);
	assert_int_equal(qrng_health_feed(&health, noise, sizeof(noise)), QRNG_HEALTH_PERMANENT);
	/* A quarter of one value, spread so that it hardly repeats: the other test's work. */
	for (i = 0; i < sizeof(noise); i++)
		noise[i] = i % 4 ? random_next(&choice) : 0xff;
	qrng_health_init(&health, 768);
	assert_int_equal(qrng_health_feed(&health, noise, sizeof(noise)), QRNG_HEALTH_PERMANENT);
	assert_int_equal(health.rct_failures, 0);
	assert_true(health.apt_failures >= 2);
}

/*
 * Uniform noise, by a fixed key: an alarm would come again each time. With the
 * highest claim, the most nervous one, chance would give 10^7 x 2^-32 = 0.0023
 * alarms of the repetition test (a run of 5) and 19531 windows x P(15 of 511 are
 * equal to the first) = 4e-9 each, 0.0001 of the proportion test.
 */
static void good_noise_raises_no_false_alarm(void **state)
{
	static const u8 key[QRNG_KEY_SIZE] = "ten million samples of noise";
	const size_t total = 10000000, piece = 1 << 16;
	u8 *noise = malloc(piece);
	struct qrng_health health;
	size_t done;

	(void)state;
	qrng_health_init(&health, QRNG_QUALITY_MAX);
	for (done = 0; done < total; done += piece) {
		host_key_stream(key, done / QRNG_STREAM_UNIT, noise, piece);
		assert_int_equal(qrng_health_feed(&health, noise, piece), QRNG_HEALTH_PASS);
	}
	diag("false alarms in %zu samples: 0 (expected by chance: 0.0024)\n", done);
	free(noise);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(repetition_cutoffs_follow_the_formula),
	cmocka_unit_test(known_cutoffs),
	cmocka_unit_test(claims_out_of_range_are_clamped),
	cmocka_unit_test(proportion_cutoffs_round_the_claim_down),
	cmocka_unit_test(repetition_fails_exactly_at_its_cutoffs),
	cmocka_unit_test(a_run_that_breaks_is_forgotten),
	cmocka_unit_test(proportion_fails_exactly_at_its_cutoffs),
	cmocka_unit_test(the_last_sample_belongs_to_the_window),
	cmocka_unit_test(the_next_window_starts_afresh),
	cmocka_unit_test(a_rearm_forgets_samples_but_not_counters),
	cmocka_unit_test(every_verdict_is_that_of_the_standard),
	cmocka_unit_test(pieces_are_judged_as_the_whole),
	cmocka_unit_test(every_stuck_value_is_caught_at_start_up),
	cmocka_unit_test(alternating_noise_is_caught),
	cmocka_unit_test(biased_noise_is_caught),
	cmocka_unit_test(good_noise_raises_no_false_alarm),
};

SUITE(tests)
