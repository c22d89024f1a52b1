/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The Quantis PCI card's registers and what the words in them mean. No I/O here.
 *
 * There is no public data sheet; the map is that of the vendor's own drivers. All
 * registers are 32 bits wide, little-endian, in BAR1. The *_ENABLE registers set
 * the bits written as one, the *_DISABLE registers clear them.
 */
#ifndef _QRNG_CORE_QUANTIS_H
#define _QRNG_CORE_QUANTIS_H

#include "types.h"

#define QUANTIS_BAR			1
#define QUANTIS_BAR_SIZE		64	/* bytes of it that are known */

#define QUANTIS_CORE_ENABLE		0x00	/* w */
#define QUANTIS_CORE_DISABLE		0x04	/* w */
#define QUANTIS_CORE_STATUS		0x0c	/* r */
#define QUANTIS_CORE_VERSION		0x1c	/* r: year, month, day, release of the day */
#define QUANTIS_FIFO_FLUSH		0x20	/* w: any value empties it, clears overflow */
#define QUANTIS_FIFO_STATUS		0x28	/* r */
#define QUANTIS_FIFO_DATA		0x2c	/* r: takes one word out */
#define QUANTIS_MODULE_ENABLE		0x30	/* w */
#define QUANTIS_MODULE_DISABLE		0x34	/* w */
#define QUANTIS_MODULE_STATUS		0x3c	/* r */

#define QUANTIS_CORE_RESET		0x01

/* What every register reads as once the card is out of its slot. */
#define QUANTIS_ALL_ONES		0xffffffffu

#define QUANTIS_FIFO_WORDS		1024
#define QUANTIS_MODULES_MAX		4
#define QUANTIS_MODULE_RATE		500000	/* bytes per second, nominal */

/* One byte of QUANTIS_MODULE_STATUS belongs to each module. */
#define QUANTIS_MODULE_SHUTDOWN		0x01
#define QUANTIS_MODULE_ENABLED		0x02
#define QUANTIS_MODULE_TEST		0x04
#define QUANTIS_MODULE_PRESENT		0x40	/* read-only */
#define QUANTIS_MODULE_GOOD		0x80	/* read-only */

u32 quantis_fifo_words(u32 status);
bool quantis_fifo_error(u32 status);
u32 quantis_modules_with(u32 status, u8 bits);
u32 quantis_modules_spread(u32 modules, u8 bits);

#endif /* _QRNG_CORE_QUANTIS_H */
