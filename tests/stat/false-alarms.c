// SPDX-License-Identifier: MIT
/*
 * How often the health tests of the core cry wolf: 10^9 samples of noise whose min-entropy
 * is just what is claimed, at the cut-offs of the core, against the alpha they stand for.
 * That none comes would prove little, so the same noise also meets cut-offs so low that
 * thousands must come. The noise has fixed seeds: each run gives the same numbers.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../kmod/core/health.h"
#include "../unit/random.h"
#include "chance.h"

#define SAMPLES	1000000000u
#define BLOCK	512		/* bytes fed at once */
#define PROCESSES 2
#define NEVER	UINT16_MAX	/* a cut-off that nothing reaches */
#define DOUBT	1e-6		/* what is less likely than this is taken for an error */

enum { RCT, APT, TESTS };
enum { INTERMITTENT, PERMANENT, LEVELS };
enum { CLAIMED, LOW, SETS };

static const char *const test_names[] = { "RCT", "APT" };

/* -log2(alpha): as the core has it, and for the control. */
static const unsigned int alphas[SETS][TESTS][LEVELS] = {
	[CLAIMED] = { { 30, 60 }, { 30, 60 } },
	[LOW] = { { 12, 16 }, { 3, 6 } },
};

/*
 * A byte is drawn out of @range numbers: the first @likely of them are value 0, the rest
 * are a value each. A bit is 1 with probability 2^-@entropy.
 */
static const struct noise {
	const char *name;
	double entropy;	/* of a sample */
	u32 quality;	/* the same as the core counts it */
	u32 range;
	u32 likely;
	bool bits;
} noises[] = {
	{ "bytes of 4 bits, one likely value", 4, 512, 272, 17, false },
	{ "bytes of 1 bit, one likely value", 1, 128, 510, 255, false },
	{ "bytes of 4 bits, 16 values", 4, 512, 16, 1, false },
	{ "bits of 0.5 bits", 0.5, 512, 0, 0, true },
	{ "bits of 1 bit", 1, 1024, 0, 0, true },
};

/* The tests at one set of cut-offs, and what they said. */
struct watch {
	struct qrng_health health;
	u64 alarms[TESTS][LEVELS];
};

struct measurement {
	struct watch watches[SETS];
	u64 samples;
};

/* xoshiro256**, by David Blackman and Sebastiano Vigna. */
static u64 rotate(u64 x, int by)
{
	return x << by | x >> (64 - by);
}

static u64 draw(u64 s[4])
{
	u64 result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

static u8 value_of(const struct noise *noise, u32 random)
{
	u32 number = (u64)random * noise->range >> 32;

	return number < noise->likely ? 0 : number - noise->likely + 1;
}

static void make_bytes(const struct noise *noise, u64 s[4], u8 block[BLOCK])
{
	size_t i;

	for (i = 0; i < BLOCK; i += 2) {
		u64 random = draw(s);

		block[i] = value_of(noise, random >> 32);
		block[i + 1] = value_of(noise, random);
	}
}

static void make_bits(const struct noise *noise, u64 s[4], u8 block[BLOCK])
{
	const u64 limit = exp2(32 - noise->entropy);
	size_t i, bit;

	for (i = 0; i < BLOCK; i++)
		for (bit = 0; bit < 8; bit += 2) {
			u64 random = draw(s);

			block[i] = block[i] << 2 | (random >> 32 < limit) << 1 |
				   ((u32)random < limit);
		}
}

static struct qrng_cutoffs *cutoffs(struct qrng_health *health, bool bits, int level)
{
	if (bits)
		return level == PERMANENT ? &health->bits.permanent : &health->bits.intermittent;
	return level == PERMANENT ? &health->permanent : &health->intermittent;
}

static void set_cutoff(struct qrng_health *health, bool bits, int test, int level, u16 cutoff)
{
	struct qrng_cutoffs *to = cutoffs(health, bits, level);

	*(test == RCT ? &to->rct : &to->apt) = cutoff;
}

static unsigned int get_cutoff(const struct watch *watch, bool bits, int test, int level)
{
	struct qrng_health health = watch->health;
	const struct qrng_cutoffs *from = cutoffs(&health, bits, level);

	return test == RCT ? from->rct : from->apt;
}

static unsigned int window_of(const struct noise *noise)
{
	return noise->bits ? QRNG_BIT_APT_WINDOW : QRNG_APT_WINDOW;
}

static void start_watch(struct watch *watch, const struct noise *noise, int set)
{
	int level;

	memset(watch, 0, sizeof(*watch));
	qrng_health_init(&watch->health, noise->quality);
	if (noise->bits)
		qrng_health_test_bits(&watch->health, noise->quality);
	for (level = 0; level < LEVELS; level++) {
		/* Bytes made of bits are tested as bits alone. */
		if (noise->bits) {
			set_cutoff(&watch->health, false, RCT, level, NEVER);
			set_cutoff(&watch->health, false, APT, level, NEVER);
		}
		if (set == CLAIMED)
			continue;
		set_cutoff(&watch->health, noise->bits, RCT, level,
			   chance_run_cutoff(noise->entropy, alphas[set][RCT][level]));
		set_cutoff(&watch->health, noise->bits, APT, level,
			   chance_count_cutoff(window_of(noise), noise->entropy,
					       alphas[set][APT][level]));
	}
}

static u64 failures(const struct qrng_health *health)
{
	return health->rct_failures + health->apt_failures + health->bits.rct_failures +
	       health->bits.apt_failures;
}

/* The alarms of @test by their level: byte by byte, with the other test asleep. */
static void count_alarms(struct watch *watch, const struct qrng_health *before, bool bits,
			 int test, const u8 block[BLOCK])
{
	struct qrng_health health = *before;
	enum qrng_health_verdict verdict;
	u64 had, more;
	size_t i;

	set_cutoff(&health, bits, test == RCT ? APT : RCT, INTERMITTENT, NEVER);
	set_cutoff(&health, bits, test == RCT ? APT : RCT, PERMANENT, NEVER);
	for (i = 0; i < BLOCK; i++) {
		had = failures(&health);
		verdict = qrng_health_feed(&health, block + i, 1);
		more = failures(&health) - had;
		/* Two at once: eight bits passed both cut-offs. */
		watch->alarms[test][PERMANENT] += more && verdict == QRNG_HEALTH_PERMANENT;
		watch->alarms[test][INTERMITTENT] += more &&
			(more == 2 || verdict == QRNG_HEALTH_INTERMITTENT);
	}
}

static void feed(struct watch *watch, bool bits, const u8 block[BLOCK])
{
	const struct qrng_health before = watch->health;
	int test;

	qrng_health_feed(&watch->health, block, BLOCK);
	if (failures(&watch->health) == failures(&before))
		return;
	for (test = 0; test < TESTS; test++)
		count_alarms(watch, &before, bits, test, block);
}

static void measure(struct measurement *measurement, const struct noise *noise, uint64_t seed)
{
	u64 s[4];
	u8 block[BLOCK] = { 0 };
	int set;
	size_t i;

	for (i = 0; i < 4; i++)
		s[i] = random_next(&seed);
	for (set = 0; set < SETS; set++)
		start_watch(&measurement->watches[set], noise, set);
	while (measurement->samples < SAMPLES) {
		if (noise->bits)
			make_bits(noise, s, block);
		else
			make_bytes(noise, s, block);
		for (set = 0; set < SETS; set++)
			feed(&measurement->watches[set], noise->bits, block);
		measurement->samples += noise->bits ? 8 * BLOCK : BLOCK;
	}
}

static struct chance chance_of(const struct noise *noise)
{
	double likely = exp2(-noise->entropy);
	u32 others = noise->bits ? 1 : noise->range - noise->likely;

	return (struct chance){ likely, (1 - likely) / others, others };
}

/* Trials of an alpha: each sample is one, but of windows each as a whole. */
static double trials(const struct measurement *measurement, const struct noise *noise, int test)
{
	return test == RCT ? measurement->samples : measurement->samples / window_of(noise);
}

static double expected(const struct measurement *measurement, const struct noise *noise, int test,
		       unsigned int cutoff)
{
	const struct chance chance = chance_of(noise);
	double count = trials(measurement, noise, test);

	return test == RCT ? chance_runs(&chance, count, cutoff) :
			     chance_windows(&chance, count, window_of(noise), cutoff);
}

/*
 * Claimed cut-offs: no more than alpha allows. Low ones: as many as chance gives. (Where all
 * values are as likely as the claim lets them be, the standard's own cut-off exceeds alpha
 * by a hair: it counts a window's first sample as one of chance, which it is not.)
 */
static bool credible(int set, double observed, double mean, double bound)
{
	if (set == CLAIMED)
		return chance_poisson(bound, observed) >= DOUBT;
	/* Two-sided, where a Poisson variable is a normal one. */
	return mean > 100 && erfc(fabs(observed - mean) / sqrt(2 * mean)) >= DOUBT;
}

static bool report(unsigned int number, const struct measurement *measurement,
		   const struct noise *noise, int set, int test, int level)
{
	const struct watch *watch = &measurement->watches[set];
	unsigned int cutoff = get_cutoff(watch, noise->bits, test, level);
	double mean = expected(measurement, noise, test, cutoff);
	unsigned int alpha = alphas[set][test][level];
	double bound = trials(measurement, noise, test) * exp2(-(double)alpha);
	double observed = watch->alarms[test][level];
	bool good = credible(set, observed, mean, bound);

	printf("%sok %u - %s: %s at %u (2^-%u) gives %s\n", good ? "" : "not ", number,
	       noise->name, test_names[test], cutoff, alpha,
	       set == CLAIMED ? "no more false alarms than claimed" : "the alarms expected");
	printf("# %.0f alarms in %.10g %s, expected %.4g", observed,
	       trials(measurement, noise, test), test == RCT ? "samples" : "windows", mean);
	if (set == CLAIMED)
		printf(", alpha allows %.4g\n", bound);
	else
		printf(": %+.2f %%, %+.1f sigma\n", 100 * (observed / mean - 1),
		       (observed - mean) / sqrt(mean));
	return good;
}

/* Each process does every other noise; all write to memory they share. */
static struct measurement *measure_all(void)
{
	struct measurement *all = mmap(NULL, sizeof(*all) * ARRAY_SIZE(noises),
				       PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int process, status;
	size_t i;

	if (all == MAP_FAILED)
		return NULL;
	for (process = 0; process < PROCESSES; process++) {
		pid_t child = fork();

		if (child < 0)
			return NULL;
		if (child)
			continue;
		for (i = process; i < ARRAY_SIZE(noises); i += PROCESSES)
			measure(&all[i], &noises[i], i + 1);
		_exit(0);
	}
	for (process = 0; process < PROCESSES; process++)
		if (wait(&status) < 0 || status)
			return NULL;
	return all;
}

int main(void)
{
	unsigned int number = 0, set, test, level;
	struct measurement *all = measure_all();
	bool good = true;
	size_t i;

	if (!all) {
		puts("Bail out! cannot run the measurements");
		return 1;
	}
	printf("1..%zu\n", ARRAY_SIZE(noises) * SETS * TESTS * LEVELS);
	for (i = 0; i < ARRAY_SIZE(noises); i++)
		for (set = 0; set < SETS; set++)
			for (test = 0; test < TESTS; test++)
				for (level = 0; level < LEVELS; level++)
					good &= report(++number, &all[i], &noises[i], set, test,
						       level);
	return good ? 0 : 1;
}
