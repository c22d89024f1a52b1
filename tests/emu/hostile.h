/* SPDX-License-Identifier: MIT */
/*
 * A card that lies: each read is answered from a seeded stream instead of from the card, now
 * and then late, now and then with all ones, and now and then for so long like a healthy card
 * that a driver comes to trust it.
 *
 * What is answered depends on the seed and on which registers were read before, never on
 * when: the same seed and the same reads give the same answers.
 */
#ifndef EMU_HOSTILE_H
#define EMU_HOSTILE_H

#include <stdbool.h>
#include <stdint.h>

#define HOSTILE_ALLOWED "a seed from 0 to 18446744073709551615, or off"

struct hostile {
	bool on;
	uint64_t state; /* of the stream */
	unsigned int mood;
	uint32_t left;	  /* reads until the next mood */
	uint32_t last;	  /* answer */
	uint32_t late_us; /* how late the last answer is to be given */
};

/* Switches it on with the seed @spec, from the stream's beginning, or off. See HOSTILE_ALLOWED. */
bool hostile_select(struct hostile *hostile, const char *spec);

/* Returns the answer to a read of the register page at @offset, aligned. */
uint32_t hostile_register(struct hostile *hostile, uint64_t offset);

/* Returns the answer to a read of configuration space that should be @honest, @size bytes. */
uint32_t hostile_config(struct hostile *hostile, uint32_t honest, uint32_t size);

#endif
