/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Figures about noise for people to look at; nothing depends on them. Each is there
 * since the start and for a sliding window, in integers: no kernel has floating point.
 * Only counts are kept, never the noise itself, which is secret once it was used.
 *
 * No locks: the owner serialises the calls on one struct qrng_metrics.
 */
#ifndef _QRNG_CORE_METRICS_H
#define _QRNG_CORE_METRICS_H

#include "types.h"

/* The window slides in steps of a block. */
#define QRNG_METRICS_BLOCK	512
#define QRNG_METRICS_WINDOW	8	/* blocks, the newest of them not full yet */

/**
 * struct qrng_run - runs of equal bits in a stretch of bytes, most significant bit first
 * @head: length of the first run
 * @tail: length of the last one, which is the first if there is only one
 * @longest: length of the longest
 * @bit: the bit of @tail
 */
struct qrng_run {
	u64 head;
	u64 tail;
	u64 longest;
	u8 bit;
};

/**
 * struct qrng_block - what is known of up to QRNG_METRICS_BLOCK bytes
 * @len: bytes
 * @first: the first of them
 * @last: the last of them
 * @counts: how often each value came
 * @products: sum over all neighbours of the product of what they differ from the mean
 *	by, times four
 * @run: its runs
 */
struct qrng_block {
	u16 len;
	u8 first;
	u8 last;
	u16 counts[256];
	s64 products;
	struct qrng_run run;
};

/** struct qrng_tally - the same for any number of bytes */
struct qrng_tally {
	u64 len;
	u8 first;
	u8 last;
	u64 counts[256];
	s64 products;
	struct qrng_run run;
};

/**
 * struct qrng_metrics - what is known of a source's noise
 * @total: all blocks that are full
 * @blocks: the window, a ring
 * @at: the block that is being filled
 * @same: length of the current run of equal bytes
 * @repetitions: runs of more than 35 equal bytes; a run that goes on counts again
 * @biased: bytes whose value makes up more than 289 of the 512 of their block up to
 *	there: half of them, and three standard deviations of as many tosses of a coin
 */
struct qrng_metrics {
	struct qrng_tally total;
	struct qrng_block blocks[QRNG_METRICS_WINDOW];
	u32 at;
	u32 same;
	u64 repetitions;
	u64 biased;
};

/**
 * struct qrng_figures - what people get to see
 * @bytes: over how many bytes
 * @ones_ppm: monobit: bits that are one, in a million; 500000 is even
 * @longest_run: the longest run of equal bits
 * @chi_square_milli: of the 256 byte values, in thousandths; 255000 is to be expected,
 *	with a standard deviation of 22583
 * @correlation_ppm: serial correlation of neighbours (Knuth 3.3.2, K), in millionths;
 *	0 is none, and what there is for bytes that are all the same
 */
struct qrng_figures {
	u64 bytes;
	u32 ones_ppm;
	u64 longest_run;
	u64 chi_square_milli;
	s32 correlation_ppm;
};

/** enum qrng_grade - a first judgement for people in a hurry */
enum qrng_grade {
	QRNG_GRADE_GOOD,	/* 49..51 % ones */
	QRNG_GRADE_WARNING,	/* 45..55 % */
	QRNG_GRADE_CRITICAL,
};

void qrng_metrics_init(struct qrng_metrics *metrics);
void qrng_metrics_feed(struct qrng_metrics *metrics, const u8 *noise, size_t len);
void qrng_metrics_total(const struct qrng_metrics *metrics, struct qrng_tally *scratch,
			struct qrng_figures *figures);
void qrng_metrics_window(const struct qrng_metrics *metrics, struct qrng_tally *scratch,
			 struct qrng_figures *figures);
enum qrng_grade qrng_metrics_grade(u32 ones_ppm);

void qrng_figures_make(struct qrng_figures *figures, const struct qrng_tally *tally);

#endif /* _QRNG_CORE_METRICS_H */
