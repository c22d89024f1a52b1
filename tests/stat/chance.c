// SPDX-License-Identifier: MIT
#include "chance.h"

#include <math.h>

/** chance_binomial() - P(X >= @at_least), X ~ Binomial(@trials, @p) */
double chance_binomial(unsigned int trials, double p, unsigned int at_least)
{
	double sum = 0, log_p = log(p), log_q = log1p(-p);
	unsigned int k;

	for (k = at_least; k <= trials; k++)
		sum += exp(lgamma(trials + 1.0) - lgamma(k + 1.0) - lgamma(trials - k + 1.0) +
			   k * log_p + (trials - k) * log_q);
	return sum;
}

/** chance_poisson() - P(X >= @at_least), X ~ Poisson(@mean) */
double chance_poisson(double mean, unsigned int at_least)
{
	double term = exp(-mean), sum = 0;
	unsigned int k;

	for (k = 1; k <= at_least; k++)
		term *= mean / k;
	/* From the first term on: one minus the others would lose all that is small. */
	for (k = at_least; term > sum * 1e-17; k++) {
		sum += term;
		term *= mean / (k + 1);
	}
	return sum;
}

/** chance_run_cutoff() - SP 800-90B 4.4.1: C = 1 + ceil(-log2(alpha) / H) */
unsigned int chance_run_cutoff(double entropy, unsigned int alpha_bits)
{
	return 1 + (unsigned int)ceil(alpha_bits / entropy);
}

/** chance_count_cutoff() - SP 800-90B 4.4.2: C = 1 + critbinom(W, 2^-H, 1 - alpha) */
unsigned int chance_count_cutoff(unsigned int window, double entropy, unsigned int alpha_bits)
{
	unsigned int cutoff = 0;

	while (chance_binomial(window, exp2(-entropy), cutoff) > exp2(-(double)alpha_bits))
		cutoff++;
	return cutoff;
}

/* A run counts once, where it reaches the cut-off; it starts behind another value. */
static double runs_of(double p, double samples, unsigned int cutoff)
{
	return pow(p, cutoff) * (1 + (samples - cutoff) * (1 - p));
}

/**
 * chance_runs() - alarms of the repetition count test, on average, exactly
 * @chance: the samples
 * @samples: how many
 * @cutoff: length C of a run that is an alarm
 *
 * The sum over all values v of p(v)^C * (1 + (n - C) * (1 - p(v))).
 */
double chance_runs(const struct chance *chance, double samples, unsigned int cutoff)
{
	return runs_of(chance->likely, samples, cutoff) +
	       chance->others * runs_of(chance->unlikely, samples, cutoff);
}

/**
 * chance_windows() - alarms of the adaptive proportion test, on average, exactly
 * @chance: the samples
 * @windows: how many windows
 * @window: samples W in each
 * @cutoff: count C, the first sample included, that is an alarm
 *
 * The windows, times the sum over all values v of p(v) * P(1 + Binomial(W - 1, p(v)) >= C).
 */
double chance_windows(const struct chance *chance, double windows, unsigned int window,
		      unsigned int cutoff)
{
	double sum = chance->likely * chance_binomial(window - 1, chance->likely, cutoff - 1);

	if (chance->others)
		sum += chance->others * chance->unlikely *
		       chance_binomial(window - 1, chance->unlikely, cutoff - 1);
	return windows * sum;
}
