/* SPDX-License-Identifier: MIT */
/*
 * SP 800-90B 4.4.1 and 4.4.2 word for word: nothing is kept from sample to sample,
 * each verdict is counted out of the whole recording. Slow, and plain to see.
 */
#ifndef _QRNG_TESTS_HEALTH_MODEL_H
#define _QRNG_TESTS_HEALTH_MODEL_H

#include "../../kmod/core/health.h"

struct health_model {
	const u8 *noise;
	const struct qrng_cutoffs *intermittent;
	const struct qrng_cutoffs *permanent;
	u64 rct_failures;
	u64 apt_failures;
};

static inline void health_model_init(struct health_model *model, const u8 *noise,
				     const struct qrng_cutoffs *intermittent,
				     const struct qrng_cutoffs *permanent)
{
	*model = (struct health_model){ noise, intermittent, permanent, 0, 0 };
}

/* The run of equal samples that ends with sample @at. */
static inline u32 health_model_run(const struct health_model *model, size_t at)
{
	u32 run = 1;

	while (at - run + 1 > 0 && model->noise[at - run] == model->noise[at])
		run++;
	return run;
}

/* How often its window has shown its first sample up to @at; 0 if @at is another value. */
static inline u32 health_model_count(const struct health_model *model, size_t at)
{
	size_t first = at / QRNG_APT_WINDOW * QRNG_APT_WINDOW, i;
	u32 count = 0;

	if (model->noise[at] != model->noise[first])
		return 0;
	for (i = first; i <= at; i++)
		count += model->noise[i] == model->noise[first];
	return count;
}

/* Call it for each sample in order; each cut-off is counted as it is reached. */
static inline enum qrng_health_verdict health_model_verdict(struct health_model *model, size_t at)
{
	u32 run = health_model_run(model, at), count = health_model_count(model, at);
	const struct qrng_cutoffs *soft = model->intermittent, *hard = model->permanent;

	model->rct_failures += (run == soft->rct) + (run == hard->rct);
	model->apt_failures += (count == soft->apt) + (count == hard->apt);
	if (run >= hard->rct || count >= hard->apt)
		return QRNG_HEALTH_PERMANENT;
	if (run >= soft->rct || count >= soft->apt)
		return QRNG_HEALTH_INTERMITTENT;
	return QRNG_HEALTH_PASS;
}

#endif /* _QRNG_TESTS_HEALTH_MODEL_H */
