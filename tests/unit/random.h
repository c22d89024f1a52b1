/* SPDX-License-Identifier: MIT */
/* Repeatable choices for tests: splitmix64. Not random, and need not be. */
#ifndef _QRNG_TESTS_RANDOM_H
#define _QRNG_TESTS_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* 0 .. limit - 1; the bias does not matter here. */
static inline uint64_t random_below(uint64_t *state, uint64_t limit)
{
	return random_next(state) % limit;
}

#endif /* _QRNG_TESTS_RANDOM_H */
