// SPDX-License-Identifier: MIT
/*
 * Noise recorded from the emulated card, good and with a fault: each recording fails just the
 * test it was made for, at just its level, with all tests awake. Run from the root folder.
 */
#include "suite.h"

#include "../../kmod/core/health.h"

#define FOLDER		"tests/unit/recordings/"
#define LENGTH		4096
#define BYTE_QUALITY	512	/* four bits a byte: 9 and 16 in a run, 71 and 91 in a window */
#define BIT_QUALITY	1024	/* one bit a bit: 31 and 61 in a run, 609 and 652 in a window */

enum { BYTE_RCT, BYTE_APT, BIT_RCT, BIT_APT, COUNTERS, NONE };

static const struct recording {
	const char *name;
	int fails;
	enum qrng_health_verdict verdict;
} recordings[] = {
	{ "good", NONE, QRNG_HEALTH_PASS },
	{ "byte-rct-intermittent", BYTE_RCT, QRNG_HEALTH_INTERMITTENT },
	{ "byte-rct-permanent", BYTE_RCT, QRNG_HEALTH_PERMANENT },
	{ "byte-apt-intermittent", BYTE_APT, QRNG_HEALTH_INTERMITTENT },
	{ "byte-apt-permanent", BYTE_APT, QRNG_HEALTH_PERMANENT },
	{ "bit-rct-intermittent", BIT_RCT, QRNG_HEALTH_INTERMITTENT },
	{ "bit-rct-permanent", BIT_RCT, QRNG_HEALTH_PERMANENT },
	{ "bit-apt-intermittent", BIT_APT, QRNG_HEALTH_INTERMITTENT },
	{ "bit-apt-permanent", BIT_APT, QRNG_HEALTH_PERMANENT },
};

static void load(const char *name, u8 noise[LENGTH])
{
	char path[100];
	FILE *file;

	snprintf(path, sizeof(path), FOLDER "%s.bin", name);
	file = fopen(path, "rb");
	if (!file)
		fail_msg("cannot open %s", path);
	assert_int_equal(fread(noise, 1, LENGTH, file), LENGTH);
	assert_int_equal(fgetc(file), EOF);
	fclose(file);
}

static void arm_all_tests(struct qrng_health *health)
{
	qrng_health_init(health, BYTE_QUALITY);
	qrng_health_test_bits(health, BIT_QUALITY);
}

static void a_recording_fails_what_it_was_made_for(void **state)
{
	const struct recording *recording = *state;
	struct qrng_health health;
	u8 noise[LENGTH];
	int i;

	load(recording->name, noise);
	arm_all_tests(&health);
	assert_int_equal(qrng_health_feed(&health, noise, LENGTH), recording->verdict);
	assert_int_equal(qrng_health_passed(&health), recording->fails == NONE);

	const u64 failures[COUNTERS] = { health.rct_failures, health.apt_failures,
					 health.bits.rct_failures, health.bits.apt_failures };
	for (i = 0; i < COUNTERS; i++)
		if (i == recording->fails)
			assert_true(failures[i] >= recording->verdict);
		else
			assert_int_equal(failures[i], 0);
}

/* Once armed again, nothing is left of any failure. */
static void good_noise_passes_after_every_failure(void **state)
{
	u8 good[LENGTH], bad[LENGTH];
	struct qrng_health health;
	size_t i;

	(void)state;
	load("good", good);
	arm_all_tests(&health);
	for (i = 0; i < ARRAY_SIZE(recordings); i++) {
		load(recordings[i].name, bad);
		assert_int_equal(qrng_health_feed(&health, bad, LENGTH), recordings[i].verdict);
		qrng_health_arm(&health, 0);
		assert_false(qrng_health_passed(&health));
		assert_int_equal(qrng_health_feed(&health, good, LENGTH), QRNG_HEALTH_PASS);
		assert_true(qrng_health_passed(&health));
		qrng_health_arm(&health, 0);
	}
}

#define RECORDING(at, name)                                                                        \
	{ "a_recording_fails_what_it_was_made_for (" name ")",                                     \
	  a_recording_fails_what_it_was_made_for, NULL, NULL, (void *)&recordings[at] }

static const struct CMUnitTest tests[] = {
	RECORDING(0, "none"),
	RECORDING(1, "bytes, repetition, intermittent"),
	RECORDING(2, "bytes, repetition, permanent"),
	RECORDING(3, "bytes, proportion, intermittent"),
	RECORDING(4, "bytes, proportion, permanent"),
	RECORDING(5, "bits, repetition, intermittent"),
	RECORDING(6, "bits, repetition, permanent"),
	RECORDING(7, "bits, proportion, intermittent"),
	RECORDING(8, "bits, proportion, permanent"),
	cmocka_unit_test(good_noise_passes_after_every_failure),
};

SUITE(tests)
