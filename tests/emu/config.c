// SPDX-License-Identifier: MIT
#include "config.h"

#include <string.h>

#define VENDOR_ID	 0x00
#define DEVICE_ID	 0x02
#define COMMAND		 0x04
#define CACHE_LINE_SIZE	 0x0c
#define LATENCY_TIMER	 0x0d
#define CLASS_CODE	 0x09 /* three bytes */
#define BAR(n)		 (0x10 + 4 * (n))
#define SUBSYSTEM_VENDOR 0x2c
#define SUBSYSTEM_ID	 0x2e
#define INTERRUPT_LINE	 0x3c

#define COMMAND_IO	 0x0001
#define COMMAND_MEMORY	 0x0002
#define COMMAND_WRITABLE 0x0547 /* I/O, memory, master, parity, SERR, INTx off */

#define BAR_IO	       0x1u
#define DUMMY_BAR_SIZE 256u

static void put(unsigned char *to, uint32_t value, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		to[i] = (unsigned char)(value >> 8 * i);
}

static uint32_t get(const unsigned char *from, uint32_t size)
{
	uint32_t value = 0;

	for (uint32_t i = 0; i < size; i++)
		value |= (uint32_t)from[i] << 8 * i;
	return value;
}

static void add_bar(struct config *config, unsigned int bar, uint32_t size, bool io)
{
	if (!size)
		return;
	config->bars[bar].size = size;
	config->bars[bar].io = io;
	put(config->bytes + BAR(bar), io ? BAR_IO : 0, 4);
	/* the low bits stay put when all ones are written: that is how a host learns the size */
	put(config->writable + BAR(bar), ~(size - 1), 4);
}

void config_power_on(struct config *config, const struct settings *settings)
{
	memset(config, 0, sizeof(*config));
	put(config->bytes + VENDOR_ID, 0x179a, 2);
	put(config->bytes + DEVICE_ID, 0x0001, 2);
	put(config->bytes + CLASS_CODE, 0xff0000, 3);
	put(config->bytes + SUBSYSTEM_VENDOR, 0x179a, 2);
	put(config->bytes + SUBSYSTEM_ID, 0x0001, 2);
	put(config->writable + COMMAND, COMMAND_WRITABLE, 2);
	put(config->writable + CACHE_LINE_SIZE, 0xff, 1);
	put(config->writable + LATENCY_TIMER, 0xff, 1);
	put(config->writable + INTERRUPT_LINE, 0xff, 1);
	/* the real card has BAR0 and BAR2 too; nobody knows what for */
	add_bar(config, 0, DUMMY_BAR_SIZE, false);
	add_bar(config, 1, settings->bar1_size, settings->bar1_io);
	add_bar(config, 2, DUMMY_BAR_SIZE, true);
}

uint32_t config_read(const struct config *config, uint32_t address, uint32_t size)
{
	return get(config->bytes + address, size);
}

void config_write(struct config *config, uint32_t address, uint32_t size, uint32_t value)
{
	for (uint32_t i = 0; i < size; i++) {
		unsigned char mask = config->writable[address + i];
		unsigned char wanted = (unsigned char)(value >> 8 * i);
		unsigned char *byte = &config->bytes[address + i];

		*byte = (unsigned char)((*byte & ~mask) | (wanted & mask));
	}
}

int config_find_bar(const struct config *config, uint64_t address, bool memory, uint64_t *offset)
{
	uint32_t enabled = memory ? COMMAND_MEMORY : COMMAND_IO;

	if (!(get(config->bytes + COMMAND, 2) & enabled))
		return -1;
	for (unsigned int i = 0; i < CONFIG_BARS; i++) {
		uint32_t mask = get(config->writable + BAR(i), 4);
		uint64_t base = get(config->bytes + BAR(i), 4) & mask;

		if (!config->bars[i].size || config->bars[i].io == memory)
			continue;
		if (address - base < config->bars[i].size) {
			*offset = address - base;
			return (int)i;
		}
	}
	return -1;
}
