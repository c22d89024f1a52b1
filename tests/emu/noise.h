/* SPDX-License-Identifier: MIT */
/*
 * Where the words of the card come from: the operating system, a generator that
 * repeats itself for the same seed, or a file of recorded bytes.
 *
 * A word is drawn when it is popped, not when it is produced. So an idle card costs
 * nothing, and what the driver reads from a seed depends on how much it read before,
 * never on when.
 */
#ifndef EMU_NOISE_H
#define EMU_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOISE_ALLOWED "os, seed:N, or file:PATH (a regular file of at least 4 bytes)"

enum noise_kind {
	NOISE_OS,
	NOISE_SEED,
	NOISE_FILE,
};

struct noise {
	enum noise_kind kind;
	uint64_t seed;
	uint64_t generator;  /* state of the seeded generator */
	int file;	     /* -1 unless kind is NOISE_FILE */
	uint64_t wraps;	     /* times that the file was started over */
	size_t next, filled; /* bytes of buffer */
	unsigned char buffer[4096];
};

/* Starts with noise of the operating system. */
void noise_init(struct noise *noise);

/* Closes what noise_select() opened. */
void noise_destroy(struct noise *noise);

/*
 * Changes the source to @spec (see NOISE_ALLOWED) and starts it from its beginning.
 * Returns false and leaves @noise as it was when @spec is not one of those.
 */
bool noise_select(struct noise *noise, const char *spec);

/* Starts over: a seed or a file repeats what it gave. */
void noise_restart(struct noise *noise);

/* Returns the next word: bytes of a file are taken in little-endian order. */
uint32_t noise_word(struct noise *noise);

/* One step of splitmix64: 64 bits of good pseudo-randomness, repeatable. */
uint64_t noise_mix(uint64_t *state);

#endif
