/* SPDX-License-Identifier: MIT */
/*
 * The card's PCI configuration space: a type 0 header of a conventional PCI device without
 * capabilities and without interrupt, and the sizing of its BARs.
 */
#ifndef EMU_CONFIG_H
#define EMU_CONFIG_H

#include "setting.h"

#include <stdbool.h>
#include <stdint.h>

#define CONFIG_SIZE 256u
#define CONFIG_BARS 6u

struct config {
	unsigned char bytes[CONFIG_SIZE];
	unsigned char writable[CONFIG_SIZE]; /* one mask for each byte */
	struct {
		uint32_t size; /* 0: absent */
		bool io;
	} bars[CONFIG_BARS];
};

/* Lays the space out as @settings want it, in the state after a bus reset. */
void config_power_on(struct config *config, const struct settings *settings);

/* @size is 1, 2 or 4, and @address + @size is within CONFIG_SIZE. */
uint32_t config_read(const struct config *config, uint32_t address, uint32_t size);
void config_write(struct config *config, uint32_t address, uint32_t size, uint32_t value);

/*
 * Finds the BAR that decodes bus address @address in memory or I/O space.
 * Returns its number and sets @offset, or returns -1 when no BAR does.
 */
int config_find_bar(const struct config *config, uint64_t address, bool memory, uint64_t *offset);

#endif
