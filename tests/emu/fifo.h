/* SPDX-License-Identifier: MIT */
/*
 * The card's FIFO of 1024 words. What was produced is worked out from the time that
 * has passed, whenever somebody looks: no timer runs. Only the number of words is kept,
 * each gets its value when it is popped (see noise.h).
 */
#ifndef EMU_FIFO_H
#define EMU_FIFO_H

#include "count.h"

#include <stdbool.h>
#include <stdint.h>

struct fifo {
	uint32_t words;	      /* 0..FIFO_WORDS */
	bool error;	      /* has overflown since the last flush */
	uint32_t since_flush; /* words popped since the last flush */
	uint64_t spare_ns;    /* production time left over, less than one word */
	struct counters *count;
};

/* Empties the FIFO and clears ERROR; words lost this way are counted. */
void fifo_flush(struct fifo *fifo);

/*
 * Lets @modules modules produce for @ns of card time. What does not fit is dropped, the oldest
 * words stay; ERROR comes up if @sticky.
 */
void fifo_produce(struct fifo *fifo, uint64_t ns, unsigned int modules, bool sticky);

/* Fills the FIFO to the brim, without an overflow. */
void fifo_fill(struct fifo *fifo);

/*
 * Takes one word out: the FIFO must not be empty. ERROR comes up if this was word
 * @error_after since the last flush (0: never).
 */
void fifo_pop(struct fifo *fifo, uint32_t error_after);

/* Returns FS_RR; @exclusive: only the highest level is shown. */
uint32_t fifo_status(const struct fifo *fifo, bool exclusive);

#endif
