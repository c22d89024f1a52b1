// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "quantis.h"

#define FIFO_EMPTY	0x01
#define FIFO_QUARTER	0x02
#define FIFO_HALF	0x04
#define FIFO_3QUARTERS	0x08
#define FIFO_FULL	0x40
#define FIFO_ERROR	0x80

/**
 * quantis_fifo_words() - words that are in the FIFO for certain
 * @status: from QUANTIS_FIFO_STATUS
 *
 * The highest level bit counts, so that it does not matter whether a card sets
 * the lower ones with it. A status that calls the FIFO empty and filled at once
 * promises nothing.
 *
 * Return: 0, 1 (something, but below a quarter), 256, 512, 768 or 1024.
 */
u32 quantis_fifo_words(u32 status)
{
	if (status & FIFO_EMPTY)
		return 0;
	if (status & FIFO_FULL)
		return QUANTIS_FIFO_WORDS;
	if (status & FIFO_3QUARTERS)
		return QUANTIS_FIFO_WORDS / 4 * 3;
	if (status & FIFO_HALF)
		return QUANTIS_FIFO_WORDS / 2;
	return status & FIFO_QUARTER ? QUANTIS_FIFO_WORDS / 4 : 1;
}

/**
 * quantis_fifo_error() - has the FIFO overflowed since it was last flushed?
 * @status: from QUANTIS_FIFO_STATUS
 *
 * Return: true if words were lost.
 */
bool quantis_fifo_error(u32 status)
{
	return status & FIFO_ERROR;
}

/**
 * quantis_modules_with() - which modules have all of these bits set
 * @status: from QUANTIS_MODULE_STATUS
 * @bits: QUANTIS_MODULE_* bits
 *
 * Return: a mask, bit 0 for module 0.
 */
u32 quantis_modules_with(u32 status, u8 bits)
{
	u32 modules = 0;
	unsigned int i;

	for (i = 0; i < QUANTIS_MODULES_MAX; i++)
		if ((status >> (8 * i) & bits) == bits)
			modules |= 1u << i;
	return modules;
}

/**
 * quantis_modules_spread() - the register word that has these bits for each module
 * @modules: a mask, bit 0 for module 0; bits beyond the last module are ignored
 * @bits: QUANTIS_MODULE_* bits
 *
 * Return: what to write to QUANTIS_MODULE_ENABLE or QUANTIS_MODULE_DISABLE.
 */
u32 quantis_modules_spread(u32 modules, u8 bits)
{
	u32 word = 0;
	unsigned int i;

	for (i = 0; i < QUANTIS_MODULES_MAX; i++)
		if (modules >> i & 1)
			word |= (u32)bits << (8 * i);
	return word;
}
