// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "health.h"

#define QUALITY_STEP	64

/*
 * Cut-offs of the adaptive proportion test for claims of 64, 128, ... 1024 bits
 * in 1024, intermittent (2^-30) and permanent (2^-60). Printed and checked by
 * tests/unit/cutoffs.py.
 */
static const u16 apt_cutoffs[][2] = {
	{ 422, 447 },	/*   64: 0.5 bits a byte */
	{ 325, 355 },	/*  128: 1 bits a byte */
	{ 248, 279 },	/*  192: 1.5 bits a byte */
	{ 190, 220 },	/*  256: 2 bits a byte */
	{ 147, 174 },	/*  320: 2.5 bits a byte */
	{ 114, 139 },	/*  384: 3 bits a byte */
	{  89, 112 },	/*  448: 3.5 bits a byte */
	{  71,  91 },	/*  512: 4 bits a byte */
	{  56,  74 },	/*  576: 4.5 bits a byte */
	{  46,  62 },	/*  640: 5 bits a byte */
	{  37,  52 },	/*  704: 5.5 bits a byte */
	{  31,  44 },	/*  768: 6 bits a byte */
	{  26,  37 },	/*  832: 6.5 bits a byte */
	{  22,  32 },	/*  896: 7 bits a byte */
	{  19,  28 },	/*  960: 7.5 bits a byte */
	{  16,  25 },	/* 1024: 8 bits a byte */
};

/* SP 800-90B 4.4.1: C = 1 + ceil(-log2(alpha) / H); H is quality / 128 a byte. */
static u16 rct_cutoff(u32 alpha_bits, u32 quality)
{
	return 1 + (alpha_bits * 128 + quality - 1) / quality;
}

static u32 quality_clamp(u32 quality)
{
	if (quality < QRNG_QUALITY_MIN)
		return QRNG_QUALITY_MIN;
	return quality > QRNG_QUALITY_MAX ? QRNG_QUALITY_MAX : quality;
}

static enum qrng_health_verdict verdict_of(u32 count, u16 intermittent, u16 permanent)
{
	if (count >= permanent)
		return QRNG_HEALTH_PERMANENT;
	return count >= intermittent ? QRNG_HEALTH_INTERMITTENT : QRNG_HEALTH_PASS;
}

/* Counted once for each cut-off as it is reached, not for each sample beyond it. */
static bool at_cutoff(u32 count, u16 intermittent, u16 permanent)
{
	return count == intermittent || count == permanent;
}

static enum qrng_health_verdict rct_feed(struct qrng_health *health, u8 sample)
{
	u16 soft = health->intermittent.rct, hard = health->permanent.rct;

	if (!health->rct_run || sample != health->rct_sample) {
		health->rct_sample = sample;
		health->rct_run = 1;
		return QRNG_HEALTH_PASS;
	}
	/* A run as long as the type can count is as bad as a run can be. */
	if (health->rct_run < hard + 1u)
		health->rct_run++;
	if (at_cutoff(health->rct_run, soft, hard))
		health->rct_failures++;
	return verdict_of(health->rct_run, soft, hard);
}

static enum qrng_health_verdict apt_feed(struct qrng_health *health, u8 sample)
{
	u16 soft = health->intermittent.apt, hard = health->permanent.apt;

	if (!health->apt_left) {
		health->apt_sample = sample;
		health->apt_count = 1;
		health->apt_left = QRNG_APT_WINDOW - 1;
		return QRNG_HEALTH_PASS;
	}
	health->apt_left--;
	if (sample != health->apt_sample)
		return QRNG_HEALTH_PASS;
	health->apt_count++;
	if (at_cutoff(health->apt_count, soft, hard))
		health->apt_failures++;
	return verdict_of(health->apt_count, soft, hard);
}

/**
 * qrng_health_init() - set the tests up for a claim
 * @health: the tests; counters start at zero
 * @quality: min-entropy claimed, in bits per 1024 bits; clamped to
 *	QRNG_QUALITY_MIN..QRNG_QUALITY_MAX. The adaptive proportion test rounds it
 *	down to a multiple of 64, so that rounding never raises a false alarm.
 */
void qrng_health_init(struct qrng_health *health, u32 quality)
{
	u32 claim = quality_clamp(quality);
	const u16 *apt = apt_cutoffs[claim / QUALITY_STEP - 1];

	memset(health, 0, sizeof(*health));
	health->intermittent.rct = rct_cutoff(30, claim);
	health->intermittent.apt = apt[0];
	health->permanent.rct = rct_cutoff(60, claim);
	health->permanent.apt = apt[1];
}

/**
 * qrng_health_rearm() - forget the samples, keep cut-offs and counters
 * @health: the tests
 *
 * Before each start-up test and after anything that broke the run of samples.
 */
void qrng_health_rearm(struct qrng_health *health)
{
	health->rct_run = 0;
	health->apt_left = 0;
}

/**
 * qrng_health_feed() - test samples in the order they came
 * @health: the tests
 * @samples: raw noise, one sample a byte
 * @count: how many
 *
 * Return: the worst verdict over all of them. Anything but QRNG_HEALTH_PASS
 * means that none of @samples may be used.
 */
enum qrng_health_verdict qrng_health_feed(struct qrng_health *health, const u8 *samples,
					  size_t count)
{
	enum qrng_health_verdict worst = QRNG_HEALTH_PASS, verdict;
	size_t i;

	for (i = 0; i < count; i++) {
		verdict = rct_feed(health, samples[i]);
		if (verdict > worst)
			worst = verdict;
		verdict = apt_feed(health, samples[i]);
		if (verdict > worst)
			worst = verdict;
	}
	return worst;
}
