// SPDX-License-Identifier: MIT
/* Any words a card may answer: the decoders stay within what they promise. */
#include <stdlib.h>

#include "../../kmod/core/quantis.h"

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void fuzz_fifo(u32 status)
{
	u32 words = quantis_fifo_words(status);

	require(words <= QUANTIS_FIFO_WORDS);
	require(words <= 1 || words % (QUANTIS_FIFO_WORDS / 4) == 0);
	/* Bits nobody has described must not change what is read. */
	require(words == quantis_fifo_words(status & 0xff));
	require(quantis_fifo_error(status) == quantis_fifo_error(status & 0xff));
}

static void fuzz_modules(u32 status, u8 bits)
{
	u32 modules = quantis_modules_with(status, bits);
	u32 word = quantis_modules_spread(modules, bits);

	require(modules < 1u << QUANTIS_MODULES_MAX);
	require((word & status) == word);
	require(!bits || quantis_modules_with(word, bits) == modules);
	require(quantis_modules_spread(status, bits) ==
		quantis_modules_spread(status & ((1u << QUANTIS_MODULES_MAX) - 1), bits));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 status;

	if (size < sizeof(status) + 1)
		return 0;
	memcpy(&status, data, sizeof(status));
	fuzz_fifo(status);
	fuzz_modules(status, data[sizeof(status)]);
	return 0;
}
