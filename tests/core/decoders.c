// SPDX-License-Identifier: MIT
/* What the card's words mean, for every status there is. */
#include "../../kmod/core/quantis.h"
#include "cases.h"

void case_quantis_fifo_levels(struct qrng_case *c)
{
	static const struct {
		u32 status;
		u32 words;
	} known[] = {
		{ 0x01, 0 },	{ 0x00, 1 },   { 0x02, 256 },  { 0x06, 512 },	  { 0x0e, 768 },
		{ 0x4e, 1024 }, { 0x80, 1 },   { 0xc0, 1024 }, { 0x81, 0 },	  { 0x4f, 0 },
		{ 0x30, 1 },	{ 0x0a, 768 }, { 0x44, 1024 }, { 0xffffffff, 0 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		EXPECT(c, quantis_fifo_words(known[i].status) == known[i].words);
}

void case_quantis_fifo_never_overpromises(struct qrng_case *c)
{
	u32 status, words;

	for (status = 0; status < 0x10000; status++) {
		words = quantis_fifo_words(status);
		EXPECT(c, words <= QUANTIS_FIFO_WORDS && (words == 0) == (status & 1));
		EXPECT(c, quantis_fifo_error(status) == (status >> 7 & 1));
	}
}

void case_quantis_modules_round_trip(struct qrng_case *c)
{
	const u8 both = QUANTIS_MODULE_PRESENT | QUANTIS_MODULE_GOOD;
	u32 modules;

	for (modules = 0; modules < 1 << QUANTIS_MODULES_MAX; modules++) {
		const u32 word = quantis_modules_spread(modules, both);

		EXPECT(c, quantis_modules_with(word, both) == modules);
		EXPECT(c, quantis_modules_with(word, QUANTIS_MODULE_GOOD) == modules);
		EXPECT(c, quantis_modules_with(word, QUANTIS_MODULE_ENABLED) == 0);
		EXPECT(c, quantis_modules_spread(modules | 0x30, both) == word);
	}
}
