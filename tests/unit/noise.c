// SPDX-License-Identifier: MIT
/* The health tests on long stretches of noise, good and bad. */
#include "suite.h"

#include "../../kmod/core/health.h"
#include "health_model.h"
#include "host.h"
#include "random.h"

#define W	QRNG_APT_WINDOW

static const u32 claims[] = { 64, 300, 512, 768, 1000, 1024 };

#define CLAIMS	(sizeof(claims) / sizeof(claims[0]))

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
			assert_int_equal(qrng_health_feed(&health, noise + at, 1), verdict);
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
		/* The start-up test begins anew behind the piece that failed. */
		assert_int_equal(qrng_health_passed(&whole), worst == QRNG_HEALTH_PASS);
		pieces.startup_left = whole.startup_left;
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
	struct host_ctx ctx;
	size_t done;

	(void)state;
	qrng_health_init(&health, QRNG_QUALITY_MAX);
	qrng_host.chacha20.start(&ctx, key, (const u8[QRNG_BLOCK_SIZE]){ 0 });
	for (done = 0; done < total; done += piece) {
		qrng_host.chacha20.run(&ctx, noise, piece);
		assert_int_equal(qrng_health_feed(&health, noise, piece), QRNG_HEALTH_PASS);
	}
	diag("false alarms in %zu samples: 0 (expected by chance: 0.0024)\n", done);
	free(noise);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_verdict_is_that_of_the_standard),
	cmocka_unit_test(pieces_are_judged_as_the_whole),
	cmocka_unit_test(every_stuck_value_is_caught_at_start_up),
	cmocka_unit_test(alternating_noise_is_caught),
	cmocka_unit_test(biased_noise_is_caught),
	cmocka_unit_test(good_noise_raises_no_false_alarm),
};

SUITE(tests)
