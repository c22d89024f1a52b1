// SPDX-License-Identifier: MIT
/* The health tests on single bits, against the standard word for word. */
#include "suite.h"

#include "../../kmod/core/health.h"
#include "random.h"

#define W	QRNG_BIT_APT_WINDOW
#define BYTES	8192

static u8 noise[BYTES];

/* The bits in the order they came: the most significant of each byte first. */
static u32 bit_at(size_t at)
{
	return noise[at / 8] >> (7 - at % 8) & 1;
}

/* SP 800-90B 4.4.1 and 4.4.2, counted out of the whole recording for each bit. */
struct model {
	const struct qrng_health_bits *bits;
	u64 rct_failures;
	u64 apt_failures;
};

static u32 model_run(size_t at)
{
	u32 run = 1;

	while (at - run + 1 > 0 && bit_at(at - run) == bit_at(at))
		run++;
	return run;
}

static u32 model_count(size_t at)
{
	size_t first = at / W * W, i;
	u32 count = 0;

	if (bit_at(at) != bit_at(first))
		return 0;
	for (i = first; i <= at; i++)
		count += bit_at(i) == bit_at(first);
	return count;
}

static enum qrng_health_verdict model_bit(struct model *model, size_t at)
{
	const struct qrng_cutoffs *soft = &model->bits->intermittent;
	const struct qrng_cutoffs *hard = &model->bits->permanent;
	u32 run = model_run(at), count = model_count(at);

	model->rct_failures += (run == soft->rct) + (run == hard->rct);
	model->apt_failures += (count == soft->apt) + (count == hard->apt);
	if (run >= hard->rct || count >= hard->apt)
		return QRNG_HEALTH_PERMANENT;
	return run >= soft->rct || count >= soft->apt ? QRNG_HEALTH_INTERMITTENT : QRNG_HEALTH_PASS;
}

static enum qrng_health_verdict model_byte(struct model *model, size_t byte)
{
	enum qrng_health_verdict worst = QRNG_HEALTH_PASS, verdict;
	size_t i;

	for (i = 0; i < 8; i++) {
		verdict = model_bit(model, 8 * byte + i);
		if (verdict > worst)
			worst = verdict;
	}
	return worst;
}

/* Bits that are set @permille times in a thousand, and stay as they are @sticky times. */
static void make_noise(uint64_t *choice, u32 permille, u32 sticky)
{
	u32 bit = 0;
	size_t i;

	for (i = 0; i < 8 * BYTES; i++) {
		if (random_below(choice, 1000) >= sticky)
			bit = random_below(choice, 1000) < permille;
		noise[i / 8] = noise[i / 8] << 1 | bit;
	}
}

/* The tests on bytes are kept out of it: at the lowest claim they sleep. */
static void init(struct qrng_health *health, u32 quality)
{
	qrng_health_init(health, QRNG_QUALITY_MIN);
	health->intermittent.rct = health->permanent.rct = UINT16_MAX;
	health->intermittent.apt = health->permanent.apt = UINT16_MAX;
	qrng_health_test_bits(health, quality);
}

static u64 compare(u32 quality)
{
	struct qrng_health health;
	struct model model = { &health.bits, 0, 0 };
	size_t i;

	init(&health, quality);
	for (i = 0; i < BYTES; i++)
		assert_int_equal(qrng_health_feed(&health, &noise[i], 1), model_byte(&model, i));
	assert_int_equal(health.bits.rct_failures, model.rct_failures);
	assert_int_equal(health.bits.apt_failures, model.apt_failures);
	return model.rct_failures + model.apt_failures;
}

static void every_verdict_is_that_of_the_standard(void **state)
{
	static const u32 kinds[][3] = {
		/* quality, ones in a thousand, stickiness in a thousand */
		{ 1024, 500, 0 },   { 1024, 600, 0 }, { 1024, 700, 0 },	 { 1024, 500, 800 },
		{ 1024, 500, 900 }, { 512, 760, 0 },  { 512, 300, 500 }, { 512, 900, 300 },
		{ 64, 970, 0 },	    { 64, 990, 0 },   { 64, 10, 500 },	 { 768, 500, 950 },
	};
	uint64_t choice = 7, failures = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		make_noise(&choice, kinds[i][1], kinds[i][2]);
		failures += compare(kinds[i][0]);
	}
	/* Otherwise nothing was compared that matters. */
	assert_true(failures > 500);
}

static void cutoffs_are_those_of_the_published_table(void **state)
{
	/* Claim; runs at 2^-30 and 2^-60; proportions at 2^-30, where published. */
	static const u32 known[][4] = { { 512, 61, 121, 810 }, { 1024, 31, 61, 609 } };
	struct qrng_health health;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		init(&health, known[i][0]);
		assert_int_equal(health.bits.intermittent.rct, known[i][1]);
		assert_int_equal(health.bits.permanent.rct, known[i][2]);
		assert_int_equal(health.bits.intermittent.apt, known[i][3]);
	}
	/* 0.8 and 0.9 bits a bit are no multiples of the table's steps: runs only. */
	init(&health, 819);
	assert_int_equal(health.bits.intermittent.rct, 39);
	assert_int_equal(health.bits.permanent.rct, 77);	/* 76 for 0.8, which is 819.2 */
	init(&health, 922);
	assert_int_equal(health.bits.intermittent.rct, 35);
	assert_int_equal(health.bits.permanent.rct, 68);
}

static void every_cutoff_is_above_a_byte(void **state)
{
	struct qrng_health health;
	u32 quality;

	(void)state;
	for (quality = 0; quality <= 1100; quality++) {
		init(&health, quality);
		assert_true(health.bits.intermittent.rct >= 31);
		assert_true(health.bits.permanent.rct > health.bits.intermittent.rct);
		assert_true(health.bits.permanent.apt > health.bits.intermittent.apt);
		assert_true(health.bits.permanent.apt <= W);
	}
}

/* Runs that begin at each place of a byte and end just before, at and after a cut-off. */
static void runs_fail_exactly_at_their_cutoffs(void **state)
{
	static const u32 claims[] = { 64, 500, 1024 };
	u32 i, offset, value, first;
	struct qrng_health health;

	(void)state;
	for (i = 0; i < 3; i++)
		for (offset = 0; offset < 8; offset++)
			for (value = 0; value < 2; value++) {
				init(&health, claims[i]);
				/* All but the last @offset bits are of the other value. */
				noise[0] = value ? (1u << offset) - 1 : ~((1u << offset) - 1);
				memset(noise + 1, value ? 0xff : 0, 250);
				health.bits.intermittent.apt = health.bits.permanent.apt = 2000;
				for (first = 0; first < 250; first++) {
					u32 run = offset + 8 * first;
					enum qrng_health_verdict want =
						run >= health.bits.permanent.rct ? QRNG_HEALTH_PERMANENT :
						run >= health.bits.intermittent.rct ?
						QRNG_HEALTH_INTERMITTENT : QRNG_HEALTH_PASS;

					assert_int_equal(qrng_health_feed(&health, &noise[first], 1),
							 want);
				}
				assert_int_equal(health.bits.rct_failures, 2);
			}
}

static void bits_are_tested_only_if_asked_for(void **state)
{
	struct qrng_health health;
	size_t i;

	(void)state;
	/* The upper half is always zero: right for bytes worth four bits, not for bits. */
	for (i = 0; i < BYTES; i++)
		noise[i] = i * 7 % 16;
	qrng_health_init(&health, 512);
	assert_int_equal(qrng_health_feed(&health, noise, BYTES), QRNG_HEALTH_PASS);
	qrng_health_test_bits(&health, 1024);
	assert_int_not_equal(qrng_health_feed(&health, noise, BYTES), QRNG_HEALTH_PASS);
	assert_int_equal(health.rct_failures + health.apt_failures, 0);
	assert_true(health.bits.apt_failures > 0);
}

static void arming_forgets_bits_but_not_counters(void **state)
{
	struct qrng_health health;
	u64 failures;
	u32 round;

	(void)state;
	memset(noise, 0, BYTES);
	init(&health, 1024);
	for (round = 1; round <= 5; round++) {
		assert_int_equal(qrng_health_feed(&health, noise, 3), QRNG_HEALTH_PASS);
		assert_int_equal(qrng_health_feed(&health, noise, 1), QRNG_HEALTH_INTERMITTENT);
		assert_false(qrng_health_passed(&health));
		failures = health.bits.rct_failures;
		qrng_health_arm(&health, 0);
		assert_int_equal(health.bits.rct_failures, failures);
		assert_int_equal(failures, round);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_verdict_is_that_of_the_standard),
	cmocka_unit_test(cutoffs_are_those_of_the_published_table),
	cmocka_unit_test(every_cutoff_is_above_a_byte),
	cmocka_unit_test(runs_fail_exactly_at_their_cutoffs),
	cmocka_unit_test(bits_are_tested_only_if_asked_for),
	cmocka_unit_test(arming_forgets_bits_but_not_counters),
};

SUITE(tests)
