// SPDX-License-Identifier: MIT
#include "fifo.h"

#include "registers.h"

#include <stddef.h>

static void raise_error(struct fifo *fifo)
{
	if (!fifo->error)
		fifo->count->overflows++;
	fifo->error = true;
}

void fifo_flush(struct fifo *fifo)
{
	fifo->count->words_flushed += fifo->words;
	fifo->words = 0;
	fifo->error = false;
	fifo->since_flush = 0;
	fifo->spare_ns = 0;
}

void fifo_produce(struct fifo *fifo, uint64_t ns, unsigned int modules, bool sticky)
{
	uint64_t work = fifo->spare_ns + ns * modules;
	uint64_t made = work / WORD_PERIOD_NS;
	uint64_t room = FIFO_WORDS - fifo->words;

	fifo->spare_ns = work % WORD_PERIOD_NS;
	fifo->count->words_produced += made;
	if (made <= room) {
		fifo->words += (uint32_t)made;
		return;
	}
	fifo->words = FIFO_WORDS;
	fifo->count->words_dropped += made - room;
	if (sticky)
		raise_error(fifo);
}

void fifo_fill(struct fifo *fifo)
{
	fifo->count->words_produced += FIFO_WORDS - fifo->words;
	fifo->words = FIFO_WORDS;
}

void fifo_pop(struct fifo *fifo, uint32_t error_after)
{
	fifo->words--;
	fifo->since_flush++;
	fifo->count->words_popped++;
	if (error_after && fifo->since_flush >= error_after)
		raise_error(fifo);
}

uint32_t fifo_status(const struct fifo *fifo, bool exclusive)
{
	static const struct {
		uint32_t words, bit;
	} levels[] = {
		{FIFO_WORDS, FS_FULL},
		{FIFO_WORDS * 3 / 4, FS_FL3},
		{FIFO_WORDS / 2, FS_FL2},
		{FIFO_WORDS / 4, FS_FL1},
	};
	uint32_t status = fifo->error ? FS_ERROR : 0;

	if (!fifo->words)
		return status | FS_EMPTY;
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (fifo->words < levels[i].words)
			continue;
		status |= levels[i].bit;
		if (exclusive)
			break;
	}
	return status;
}
