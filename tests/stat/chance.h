/* SPDX-License-Identifier: MIT */
/* What chance makes of samples that are drawn each by itself. */
#ifndef _QRNG_TESTS_CHANCE_H
#define _QRNG_TESTS_CHANCE_H

/*
 * One kind of sample: one value is likely, @others are alike.
 * 1 = @likely + @others * @unlikely
 */
struct chance {
	double likely;
	double unlikely;
	unsigned int others;
};

double chance_binomial(unsigned int trials, double p, unsigned int at_least);
double chance_poisson(double mean, unsigned int at_least);
unsigned int chance_run_cutoff(double entropy, unsigned int alpha_bits);
unsigned int chance_count_cutoff(unsigned int window, double entropy, unsigned int alpha_bits);
double chance_runs(const struct chance *chance, double samples, unsigned int cutoff);
double chance_windows(const struct chance *chance, double windows, unsigned int window,
		      unsigned int cutoff);

#endif /* _QRNG_TESTS_CHANCE_H */
