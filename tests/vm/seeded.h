/* SPDX-License-Identifier: MIT */
/*
 * Chance that repeats itself: every program that tries things at random takes a seed, so that
 * what it found can be found again.
 */
#ifndef SEEDED_H
#define SEEDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static uint64_t seeded_state;

/* One step of splitmix64. */
static inline uint64_t draw(void)
{
	uint64_t z = seeded_state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Returns a number from 0 to @limit - 1. */
static inline uint64_t below(uint64_t limit)
{
	return draw() % limit;
}

static inline bool one_in(uint64_t many)
{
	return below(many) == 0;
}

/* Mostly small, sometimes huge: numbers near a power of two, where limits are. */
static inline uint64_t draw_edge(void)
{
	return (UINT64_C(1) << below(64)) + below(3) - 1;
}

static inline void fill(void *to, size_t length)
{
	unsigned char *byte = to;

	while (length--)
		*byte++ = (unsigned char)draw();
}

#endif
