/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Health tests of NIST SP 800-90B section 4: the repetition count test (4.4.1) and
 * the adaptive proportion test (4.4.2), on bytes and, for sources that make bits, on
 * bits, each at two error levels; and the start-up test (4.3), which is both of them
 * over the first samples.
 *
 * No locks: the owner serialises the calls on one struct qrng_health.
 */
#ifndef _QRNG_CORE_HEALTH_H
#define _QRNG_CORE_HEALTH_H

#include "types.h"

/* SP 800-90B 4.4.2: the window for sources that are not binary, and for those that are. */
#define QRNG_APT_WINDOW		512
#define QRNG_BIT_APT_WINDOW	1024

/* SP 800-90B 4.3, requirement 4: the fewest samples of a start-up test. */
#define QRNG_STARTUP_SAMPLES	1024

/* Entropy claims are bits in 1024 bits of noise, as hwrng counts quality. */
#define QRNG_QUALITY_MIN	64
#define QRNG_QUALITY_MAX	1024

/* False alarms a sample of sound noise: 2^-ALPHA intermittent, 2^-2ALPHA permanent. */
#define QRNG_HEALTH_ALPHA	30
#define QRNG_HEALTH_ALPHA_MIN	20
#define QRNG_HEALTH_ALPHA_MAX	40

/** enum qrng_health_verdict - ordered, so that the worse of two is the larger */
enum qrng_health_verdict {
	QRNG_HEALTH_PASS,
	QRNG_HEALTH_INTERMITTENT,	/* probability 2^-alpha a sample if the claim holds */
	QRNG_HEALTH_PERMANENT,		/* probability 2^-2alpha */
};

/** struct qrng_cutoffs - counts at which a test fails, for one error level */
struct qrng_cutoffs {
	u16 rct;
	u16 apt;
};

/**
 * struct qrng_health_bits - the tests on single bits, the most significant first
 * @tested: they are in use
 * @intermittent: cut-offs for 2^-alpha
 * @permanent: cut-offs for 2^-2alpha
 * @rct_run: length of the current run of equal bits, 0 before the first
 * @rct_mask: eight of the bits of that run
 * @apt_mask: eight times the opposite of the first bit of the window
 * @apt_count: how often the window has shown that first bit
 * @apt_left: bytes until the window ends, 0: the next one opens one
 * @rct_failures: cut-off crossings, both levels
 * @apt_failures: the same for the adaptive proportion test
 */
struct qrng_health_bits {
	bool tested;
	struct qrng_cutoffs intermittent;
	struct qrng_cutoffs permanent;
	u32 rct_run;
	u8 rct_mask;
	u8 apt_mask;
	u16 apt_count;
	u16 apt_left;
	u64 rct_failures;
	u64 apt_failures;
};

/**
 * struct qrng_health - the tests on one noise source
 * @intermittent: cut-offs for 2^-alpha
 * @permanent: cut-offs for 2^-2alpha
 * @rct_run: length of the current run of equal samples, 0 before the first
 * @rct_sample: the sample of that run
 * @apt_sample: the first sample of the window
 * @apt_count: how often the window has shown it
 * @apt_left: samples until the window ends, 0: the next sample opens one
 * @rct_failures: cut-off crossings, both levels, never reset
 * @apt_failures: the same for the adaptive proportion test
 * @alpha: -log2 of the probability of a false alarm at the intermittent level
 * @startup_samples: length of the start-up test
 * @startup_left: what is missing of it
 * @bits: the tests on bits
 */
struct qrng_health {
	struct qrng_cutoffs intermittent;
	struct qrng_cutoffs permanent;
	u32 rct_run;
	u8 rct_sample;
	u8 apt_sample;
	u16 apt_count;
	u16 apt_left;
	u64 rct_failures;
	u64 apt_failures;
	u32 alpha;
	u32 startup_samples;
	u32 startup_left;
	struct qrng_health_bits bits;
};

void qrng_health_init(struct qrng_health *health, u32 quality);
void qrng_health_claim(struct qrng_health *health, u32 quality, u32 alpha);
void qrng_health_test_bits(struct qrng_health *health, u32 quality);
void qrng_health_arm(struct qrng_health *health, u32 samples);
enum qrng_health_verdict qrng_health_feed(struct qrng_health *health, const u8 *samples,
					  size_t count);

/** qrng_health_passed() - has the start-up test passed, and nothing failed since? */
static inline bool qrng_health_passed(const struct qrng_health *health)
{
	return !health->startup_left;
}

#endif /* _QRNG_CORE_HEALTH_H */
