// SPDX-License-Identifier: MIT
/* Each health test fails where its cut-off is, at both levels, and is armed again. */
#include "../../kmod/core/health.h"
#include "cases.h"

static const u32 claims[] = { QRNG_QUALITY_MIN, 300, 512, 1000, QRNG_QUALITY_MAX };

static struct qrng_health health;

static enum qrng_health_verdict feed(u8 sample)
{
	return qrng_health_feed(&health, &sample, 1);
}

/* The verdict on the @nth of equal samples. */
static enum qrng_health_verdict wanted(u32 nth, u32 intermittent, u32 permanent)
{
	if (nth >= permanent)
		return QRNG_HEALTH_PERMANENT;
	return nth >= intermittent ? QRNG_HEALTH_INTERMITTENT : QRNG_HEALTH_PASS;
}

static void repeat_past_both_levels(struct qrng_case *c)
{
	u32 nth;

	for (nth = 1; nth <= health.permanent.rct + 1u; nth++)
		EXPECT(c, feed(9) == wanted(nth, health.intermittent.rct, health.permanent.rct));
}

void case_health_repetition_fails_at_its_cutoffs(struct qrng_case *c)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(claims); i++) {
		qrng_health_init(&health, claims[i]);
		/* Only where the run ends sooner than the count of the other test does. */
		if (health.permanent.rct + 1u >= health.intermittent.apt)
			continue;
		repeat_past_both_levels(c);
		EXPECT(c, health.rct_failures == 2);
		qrng_health_arm(&health, 0);
		repeat_past_both_levels(c);
		EXPECT(c, health.rct_failures == 4 && health.apt_failures == 0);
	}
}

/* A window whose first sample comes @count times in it, never twice in a row. */
static enum qrng_health_verdict feed_window(u32 count)
{
	enum qrng_health_verdict worst = QRNG_HEALTH_PASS, verdict;
	u32 i;

	for (i = 0; i < QRNG_APT_WINDOW; i++) {
		verdict = feed(i % 2 == 0 && i / 2 < count ? 9 : 10 + i % 200);
		worst = verdict > worst ? verdict : worst;
	}
	return worst;
}

void case_health_proportion_fails_at_its_cutoffs(struct qrng_case *c)
{
	u32 i, round;

	for (i = 0; i < ARRAY_SIZE(claims); i++) {
		qrng_health_init(&health, claims[i]);
		/* More than half of a window cannot come without a repetition. */
		if (health.permanent.apt > QRNG_APT_WINDOW / 2)
			continue;
		for (round = 0; round < 2; round++) {
			EXPECT(c, feed_window(health.intermittent.apt - 1) == QRNG_HEALTH_PASS);
			EXPECT(c, feed_window(health.intermittent.apt) == QRNG_HEALTH_INTERMITTENT);
			EXPECT(c,
			       feed_window(health.permanent.apt - 1) == QRNG_HEALTH_INTERMITTENT);
			EXPECT(c, feed_window(health.permanent.apt) == QRNG_HEALTH_PERMANENT);
			EXPECT(c, health.apt_failures == 4 * (round + 1));
			qrng_health_arm(&health, 0);
		}
		EXPECT(c, health.rct_failures == 0);
	}
}

void case_health_stuck_source_always_fails(struct qrng_case *c)
{
	static u8 stuck[QRNG_STARTUP_SAMPLES];
	u32 quality;

	for (quality = QRNG_QUALITY_MIN; quality <= QRNG_QUALITY_MAX; quality++) {
		qrng_health_init(&health, quality);
		EXPECT(c, qrng_health_feed(&health, stuck, sizeof(stuck)) == QRNG_HEALTH_PERMANENT);
	}
}

/* Any claim and any alpha that can be set: a stuck source fails, and it fails in time. */
void case_health_alpha_moves_its_cutoffs(struct qrng_case *c)
{
	static u8 stuck[QRNG_STARTUP_SAMPLES];
	u32 i, alpha;

	for (i = 0; i < ARRAY_SIZE(claims); i++) {
		qrng_health_init(&health, claims[i]);
		for (alpha = QRNG_HEALTH_ALPHA_MIN; alpha <= QRNG_HEALTH_ALPHA_MAX; alpha++) {
			/* SP 800-90B 4.4.1. */
			const u32 soft = 1 + (alpha * 128 + claims[i] - 1) / claims[i];
			const u32 hard = 1 + (2 * alpha * 128 + claims[i] - 1) / claims[i];

			qrng_health_claim(&health, claims[i], alpha);
			EXPECT(c, health.intermittent.rct == soft && health.permanent.rct == hard);
			EXPECT(c, health.intermittent.apt < health.permanent.apt);
			EXPECT(c, qrng_health_feed(&health, stuck, sizeof(stuck)) ==
					  QRNG_HEALTH_PERMANENT);
			qrng_health_test_bits(&health, claims[i]);
			EXPECT(c, health.bits.intermittent.rct > 20);
		}
	}
}

/* Bits: a byte of equal bits is a run of eight, so that bit runs fail where bytes do not. */
void case_health_bits_fail_at_their_cutoffs(struct qrng_case *c)
{
	enum qrng_health_verdict verdict = QRNG_HEALTH_PASS;
	u32 run;

	qrng_health_init(&health, QRNG_QUALITY_MIN);
	qrng_health_test_bits(&health, QRNG_QUALITY_MAX);
	/* 1 + 30 and 1 + 60 equal bits, SP 800-90B 4.4.1; whole bytes of them reach 32 and 64. */
	EXPECT(c, health.bits.intermittent.rct == 31 && health.bits.permanent.rct == 61);
	EXPECT(c, feed(0x55) == QRNG_HEALTH_PASS);
	for (run = 8; run <= 64; run += 8) {
		verdict = feed(0xff);
		/* The last bit before was a one already. */
		EXPECT(c, verdict == wanted(run + 1, 31, 61));
	}
	EXPECT(c, health.bits.rct_failures == 2 && health.rct_failures == 0);
}

void case_health_startup_begins_anew(struct qrng_case *c)
{
	u32 i;

	qrng_health_init(&health, 512);
	EXPECT(c, !qrng_health_passed(&health));
	for (i = 0; i < QRNG_STARTUP_SAMPLES; i++) {
		EXPECT(c, !qrng_health_passed(&health));
		EXPECT(c, feed(i * 7) == QRNG_HEALTH_PASS);
	}
	EXPECT(c, qrng_health_passed(&health));
	/* On demand, and longer; what is shorter than the standard allows is not taken. */
	qrng_health_arm(&health, 2 * QRNG_STARTUP_SAMPLES);
	EXPECT(c, health.startup_left == 2 * QRNG_STARTUP_SAMPLES);
	qrng_health_arm(&health, 1);
	EXPECT(c, health.startup_left == QRNG_STARTUP_SAMPLES);
	for (i = 0; i < health.intermittent.rct; i++)
		feed(9);
	EXPECT(c, health.rct_failures == 1);
	EXPECT(c, health.startup_left == QRNG_STARTUP_SAMPLES);
}
