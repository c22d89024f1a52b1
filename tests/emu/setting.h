/* SPDX-License-Identifier: MIT */
/*
 * What kind of card it is. Every setting is a switch on the command line (--NAME VALUE)
 * and a command on the control socket (set NAME VALUE).
 */
#ifndef EMU_SETTING_H
#define EMU_SETTING_H

#include "hostile.h"
#include "noise.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct settings {
	/* read when the card is plugged in */
	unsigned int modules; /* fitted, one bit each */
	uint32_t core_version;
	uint32_t bar1_size; /* bytes, a power of two; 0: no such BAR */
	bool bar1_io;
	/* read at the end of a reset */
	bool auto_enable;
	uint32_t hst_delay_ms;
	/* read at every access */
	bool exclusive_levels;
	bool overflow_sticky;
	bool endless; /* the FIFO is always full */
	double speed; /* of the card's clock, relative to real time */
	struct hostile hostile;
	bool hostile_config; /* its configuration space, too */
	struct noise noise;
};

/* The default: four healthy modules at their real speed. Ended by setting_destroy(). */
void setting_init(struct settings *settings);
void setting_destroy(struct settings *settings);

/* Returns whether @name is a setting; @is_switch then tells if its value is only on or off. */
bool setting_exists(const char *name, bool *is_switch);

/*
 * Sets @name to @value.
 * Returns NULL, or what was wrong and what is allowed. The text is good until the next call.
 */
const char *setting_apply(struct settings *settings, const char *name, const char *value);

/* Prints one line of help for each setting. */
void setting_help(FILE *out);

#endif
