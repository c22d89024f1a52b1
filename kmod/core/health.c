// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "cutoffs.h"
#include "health.h"

/* SP 800-90B 4.4.1: C = 1 + ceil(-log2(alpha) / H); H is quality / @scale a sample. */
static u16 rct_cutoff(u32 alpha_bits, u32 quality, u32 scale)
{
	return 1 + (alpha_bits * scale + quality - 1) / quality;
}

static u32 clamped(u32 value, u32 min, u32 max)
{
	if (value < min)
		return min;
	return value > max ? max : value;
}

static u32 quality_clamp(u32 quality)
{
	return clamped(quality, QRNG_QUALITY_MIN, QRNG_QUALITY_MAX);
}

static struct qrng_cutoffs byte_level(u32 quality, u32 alpha_bits)
{
	return (struct qrng_cutoffs){
		.rct = rct_cutoff(alpha_bits, quality, 128),
		.apt = qrng_cutoff_bytes(quality, alpha_bits),
	};
}

static struct qrng_cutoffs bit_level(u32 quality, u32 alpha_bits)
{
	return (struct qrng_cutoffs){
		.rct = rct_cutoff(alpha_bits, quality, 1024),
		.apt = qrng_cutoff_bits(quality, alpha_bits),
	};
}

/* A failure is counted for each cut-off as it is reached, not for each sample beyond. */
static enum qrng_health_verdict judge(u32 before, u32 count, u16 intermittent, u16 permanent,
				      u64 *failures)
{
	if (count < intermittent)
		return QRNG_HEALTH_PASS;
	/* Far beyond: nothing more to count, and a stuck source should not cost more. */
	if (before >= permanent)
		return QRNG_HEALTH_PERMANENT;
	*failures += (before < intermittent) + (before < permanent && count >= permanent);
	return count >= permanent ? QRNG_HEALTH_PERMANENT : QRNG_HEALTH_INTERMITTENT;
}

static enum qrng_health_verdict worse(enum qrng_health_verdict a, enum qrng_health_verdict b)
{
	return a > b ? a : b;
}

static enum qrng_health_verdict rct_feed(struct qrng_health *health, u8 sample)
{
	u32 before = health->rct_run;

	if (!before || sample != health->rct_sample) {
		health->rct_sample = sample;
		health->rct_run = 1;
		return QRNG_HEALTH_PASS;
	}
	/* A run as long as the permanent cut-off is as bad as a run can be. */
	if (before < health->permanent.rct)
		health->rct_run++;
	return judge(before, health->rct_run, health->intermittent.rct, health->permanent.rct,
		     &health->rct_failures);
}

static enum qrng_health_verdict apt_feed(struct qrng_health *health, u8 sample)
{
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
	return judge(health->apt_count - 1u, health->apt_count, health->intermittent.apt,
		     health->permanent.apt, &health->apt_failures);
}

/* The bit behind the byte's end stops the count at 8. */
static u32 zeroes_from_msb(u8 byte)
{
	return __builtin_clz((u32)byte << 24 | 1u << 23);
}

static u32 zeroes_from_lsb(u8 byte)
{
	return __builtin_ctz(byte | 1u << 8);
}

static u32 ones(u8 byte)
{
	byte -= byte >> 1 & 0x55;
	byte = (byte & 0x33) + (byte >> 2 & 0x33);
	return (byte + (byte >> 4)) & 0x0f;
}

/*
 * Eight samples at once. Only the run that comes in can reach a cut-off here: one
 * that begins inside the byte is shorter than the lowest there is, 21. As above, no
 * run is counted further than it matters.
 */
static enum qrng_health_verdict bit_rct_feed(struct qrng_health_bits *bits, u8 byte)
{
	u8 breaks = byte ^ bits->rct_mask;
	u32 before = bits->rct_run, run = before;

	if (before && !breaks) {
		run += 8;
		if (before < bits->permanent.rct)
			bits->rct_run = run;
	} else {
		if (before + 8 > bits->intermittent.rct && !(breaks & 0x80))
			run += zeroes_from_msb(breaks);
		bits->rct_mask = byte & 1 ? 0xff : 0;
		bits->rct_run = zeroes_from_lsb(byte ^ bits->rct_mask);
		if (run == before)
			return QRNG_HEALTH_PASS;
	}
	return judge(before, run, bits->intermittent.rct, bits->permanent.rct,
		     &bits->rct_failures);
}

/* The count only grows within a window, so that looking at it each byte misses nothing. */
static enum qrng_health_verdict bit_apt_feed(struct qrng_health_bits *bits, u8 byte)
{
	u32 before, equal;

	if (!bits->apt_left) {
		bits->apt_mask = byte & 0x80 ? 0 : 0xff;
		bits->apt_count = 0;
		bits->apt_left = QRNG_BIT_APT_WINDOW / 8;
	}
	bits->apt_left--;
	equal = ones(byte ^ bits->apt_mask);
	if (!equal)
		return QRNG_HEALTH_PASS;
	before = bits->apt_count;
	bits->apt_count += equal;
	return judge(before, bits->apt_count, bits->intermittent.apt, bits->permanent.apt,
		     &bits->apt_failures);
}

/**
 * qrng_health_init() - set the tests of bytes up for a claim, and arm them
 * @health: the tests; counters start at zero
 * @quality: min-entropy claimed, in bits per 1024 bits; clamped to
 *	QRNG_QUALITY_MIN..QRNG_QUALITY_MAX. The adaptive proportion test rounds it
 *	down to a multiple of 64, so that rounding never raises a false alarm.
 */
void qrng_health_init(struct qrng_health *health, u32 quality)
{
	memset(health, 0, sizeof(*health));
	qrng_health_claim(health, quality, QRNG_HEALTH_ALPHA);
}

/**
 * qrng_health_claim() - test the bytes for another claim, and arm the tests
 * @health: the tests, after qrng_health_init(); counters are kept
 * @quality: as above
 * @alpha: -log2 of the probability with which sound noise fails at the intermittent
 *	level, a sample; twice that is the permanent level. Clamped to
 *	QRNG_HEALTH_ALPHA_MIN..QRNG_HEALTH_ALPHA_MAX
 */
void qrng_health_claim(struct qrng_health *health, u32 quality, u32 alpha)
{
	quality = quality_clamp(quality);
	health->alpha = clamped(alpha, QRNG_HEALTH_ALPHA_MIN, QRNG_HEALTH_ALPHA_MAX);
	health->intermittent = byte_level(quality, health->alpha);
	health->permanent = byte_level(quality, 2 * health->alpha);
	qrng_health_arm(health, QRNG_STARTUP_SAMPLES);
}

/**
 * qrng_health_test_bits() - test each bit as a sample, too
 * @health: the tests; their alpha is that of the last qrng_health_claim()
 * @quality: min-entropy claimed for a bit, given all bits before it; as above
 *
 * For sources that make bits and pack them into bytes, most significant bit first.
 * A claim for bytes is no claim for bits: noise whose bytes begin with four fixed
 * bits may well be worth four bits a byte, but would fail here.
 */
void qrng_health_test_bits(struct qrng_health *health, u32 quality)
{
	struct qrng_health_bits *bits = &health->bits;

	bits->tested = true;
	quality = quality_clamp(quality);
	bits->intermittent = bit_level(quality, health->alpha);
	bits->permanent = bit_level(quality, 2 * health->alpha);
}

/**
 * qrng_health_arm() - begin a start-up test
 * @health: the tests; cut-offs and counters are kept
 * @samples: its length in bytes; no less than QRNG_STARTUP_SAMPLES are taken
 *
 * SP 800-90B 4.3: at the start, on demand, and whenever the run of samples was
 * broken: after a failure, a recovery, a pause. The samples so far are forgotten.
 */
void qrng_health_arm(struct qrng_health *health, u32 samples)
{
	health->rct_run = 0;
	health->apt_left = 0;
	health->bits.rct_run = 0;
	health->bits.apt_left = 0;
	health->startup_samples = samples < QRNG_STARTUP_SAMPLES ? QRNG_STARTUP_SAMPLES : samples;
	health->startup_left = health->startup_samples;
}

static enum qrng_health_verdict feed_byte(struct qrng_health *health, u8 sample)
{
	enum qrng_health_verdict verdict;

	verdict = worse(rct_feed(health, sample), apt_feed(health, sample));
	if (!health->bits.tested)
		return verdict;
	verdict = worse(verdict, bit_rct_feed(&health->bits, sample));
	return worse(verdict, bit_apt_feed(&health->bits, sample));
}

/**
 * qrng_health_feed() - test samples in the order they came
 * @health: the tests
 * @samples: raw noise, one sample a byte
 * @count: how many
 *
 * A failure makes the start-up test begin anew, but is not forgotten: only
 * qrng_health_arm() does that.
 *
 * Return: the worst verdict over all of them. Anything but QRNG_HEALTH_PASS
 * means that none of @samples may be used, and neither may they before
 * qrng_health_passed(): the samples of a start-up test serve no other purpose.
 */
enum qrng_health_verdict qrng_health_feed(struct qrng_health *health, const u8 *samples,
					  size_t count)
{
	enum qrng_health_verdict verdict = QRNG_HEALTH_PASS;
	size_t i;

	for (i = 0; i < count; i++)
		verdict = worse(verdict, feed_byte(health, samples[i]));
	if (verdict != QRNG_HEALTH_PASS)
		health->startup_left = health->startup_samples;
	else if (count < health->startup_left)
		health->startup_left -= count;
	else
		health->startup_left = 0;
	return verdict;
}
