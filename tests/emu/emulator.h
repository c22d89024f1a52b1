/* SPDX-License-Identifier: MIT */
/*
 * The whole of it: the card in its slot, its clock, its settings, its faults, and what is told
 * about them. Nothing here does input or output but the log.
 */
#ifndef EMU_EMULATOR_H
#define EMU_EMULATOR_H

#include "card.h"
#include "config.h"
#include "journal.h"
#include "text.h"

struct emulator {
	struct settings settings;
	struct faults faults;
	struct counters count;
	struct journal journal;
	struct card card;
	struct config config;
	bool plugged;
	uint64_t real_base; /* CLOCK_MONOTONIC in ns at which the card's time was card_base */
	uint64_t card_base;
};

/* Starts with the default settings and no fault. Ended by emulator_destroy(). */
void emulator_init(struct emulator *emulator);
void emulator_destroy(struct emulator *emulator);

/* Puts a fresh card into the slot: power-on state, noise from its beginning. */
void emulator_plug(struct emulator *emulator);

/* Takes the card out, for the reason @why. Ends the fault `gone`. */
void emulator_unplug(struct emulator *emulator, const char *why);

/* The reset line of the bus: as power-on, but the noise goes on. */
void emulator_bus_reset(struct emulator *emulator);

/* An access by the bus: returns what a read gives. @bar of the access is filled in here. */
uint64_t emulator_bar_access(struct emulator *emulator, struct access *access, uint64_t address,
			     bool memory);
uint32_t emulator_config_read(struct emulator *emulator, uint32_t address, uint32_t size);
void emulator_config_write(struct emulator *emulator, uint32_t address, uint32_t size,
			   uint32_t value);

/*
 * Change a setting or a fault from now on. Return NULL, or what was wrong and what is allowed;
 * the text is good until the next call.
 */
const char *emulator_set(struct emulator *emulator, const char *name, const char *value);
const char *emulator_fault(struct emulator *emulator, const char *command);
void emulator_clear_faults(struct emulator *emulator);

void emulator_reset_count(struct emulator *emulator);

/* Write a JSON object into @text. Neither has side effects on the card. */
void emulator_report_count(struct emulator *emulator, struct text *text);
void emulator_report_state(struct emulator *emulator, struct text *text);

#endif
