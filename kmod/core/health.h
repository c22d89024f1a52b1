/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Continuous health tests of NIST SP 800-90B section 4.4 on byte samples: the
 * repetition count test (4.4.1) and the adaptive proportion test (4.4.2, window
 * of 512 samples), each at two error levels.
 *
 * No locks: the owner serialises the calls on one struct qrng_health.
 */
#ifndef _QRNG_CORE_HEALTH_H
#define _QRNG_CORE_HEALTH_H

#include "types.h"

/* SP 800-90B 4.4.2: the window for sources that are not binary. */
#define QRNG_APT_WINDOW		512

/* SP 800-90B 4.3, requirement 4: the fewest samples of a start-up test. */
#define QRNG_STARTUP_SAMPLES	1024

/* Entropy claims are bits in 1024 bits of noise, as hwrng counts quality. */
#define QRNG_QUALITY_MIN	64
#define QRNG_QUALITY_MAX	1024

/** enum qrng_health_verdict - ordered, so that the worse of two is the larger */
enum qrng_health_verdict {
	QRNG_HEALTH_PASS,
	QRNG_HEALTH_INTERMITTENT,	/* probability 2^-30 a sample if the claim holds */
	QRNG_HEALTH_PERMANENT,		/* probability 2^-60 */
};

/** struct qrng_cutoffs - counts at which a test fails, for one error level */
struct qrng_cutoffs {
	u16 rct;
	u16 apt;
};

/**
 * struct qrng_health - the tests on one noise source
 * @intermittent: cut-offs for 2^-30
 * @permanent: cut-offs for 2^-60
 * @rct_run: length of the current run of equal samples, 0 before the first
 * @rct_sample: the sample of that run
 * @apt_sample: the first sample of the window
 * @apt_count: how often the window has shown it
 * @apt_left: samples until the window ends, 0: the next sample opens one
 * @rct_failures: cut-off crossings, both levels, kept over a rearm
 * @apt_failures: the same for the adaptive proportion test
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
};

void qrng_health_init(struct qrng_health *health, u32 quality);
void qrng_health_rearm(struct qrng_health *health);
enum qrng_health_verdict qrng_health_feed(struct qrng_health *health, const u8 *samples,
					  size_t count);

#endif /* _QRNG_CORE_HEALTH_H */
