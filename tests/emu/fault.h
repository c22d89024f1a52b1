/* SPDX-License-Identifier: MIT */
/*
 * What can be broken about the card, at start or at run time. Faults belong to the
 * emulator: they stay over a reset and over plugging in again, until switched off.
 */
#ifndef EMU_FAULT_H
#define EMU_FAULT_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum fault {
	FAULT_DEAD,	      /* these modules lose HST and produce nothing */
	FAULT_STUCK,	      /* every word is this one */
	FAULT_BIAS,	      /* a bit is 1 this many times in a thousand */
	FAULT_OVERFLOW,	      /* ERROR is always up */
	FAULT_ERROR_MIDBURST, /* ERROR comes up after this many words since the last flush */
	FAULT_STARVE,	      /* nothing is produced, though every module looks well */
	FAULT_GONE,	      /* every read gives all ones, until the card is plugged in again */
	FAULT_SLOW_HST,	      /* from the next reset: HST comes up after this many ms */
	FAULT_NEVER_HST,      /* from the next reset: HST of these modules stays down */
	FAULT_HANG_RESET,     /* CC_DR does not end a reset */
	FAULT_SLOW_READ,      /* each BAR read is answered this many us late */
	FAULTS,
};

struct faults {
	bool on[FAULTS];
	uint32_t value[FAULTS];
};

/*
 * Applies @command, "NAME", "NAME on", "NAME off" or "NAME VALUE"; a colon does for the blank.
 * Returns NULL, or what was wrong and what is allowed. The text is good until the next call.
 */
const char *fault_apply(struct faults *faults, const char *command);

/* Switches every fault off. */
void fault_clear(struct faults *faults);

/* Appends the faults that are on, each with its value, as members of a JSON object. */
void fault_report(const struct faults *faults, struct text *text);

/* Prints one line of help for each fault. */
void fault_help(FILE *out);

/* Returns the modules that @fault names, or none while it is off. */
static inline unsigned int fault_modules(const struct faults *faults, enum fault fault)
{
	return faults->on[fault] ? faults->value[fault] : 0;
}

#endif
