// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "metrics.h"

#define REPETITION_MAX	35
#define BIAS_MAX	289	/* 512 / 2 + 3 * sqrt(512 / 4), rounded down */

/* Twice what a byte differs from the mean by, so that it is an integer. */
static s32 deviation(u8 byte)
{
	return 2 * byte - 255;
}

/* @run, which was over @bits bits, goes on with one more. */
static void run_feed(struct qrng_run *run, u32 bits, u8 bit)
{
	run->tail = bits && bit == run->bit ? run->tail + 1 : 1;
	run->bit = bit;
	if (run->tail > run->longest)
		run->longest = run->tail;
	if (run->tail == bits + 1)
		run->head = run->tail;
}

/*
 * Eight bits at once. Once there was a run of seven bits, none inside a byte is longer;
 * then most often nothing but the run at its end is of interest.
 */
static void run_feed_byte(struct qrng_run *run, u32 bits, u8 byte)
{
	u32 i;

	if (run->longest < 7 || run->tail == bits || run->tail + 8 > run->longest ||
	    byte == 0x00 || byte == 0xff) {
		for (i = 0; i < 8; i++)
			run_feed(run, bits + i, byte >> (7 - i) & 1);
		return;
	}
	run->bit = byte & 1;
	for (run->tail = 1; (byte >> run->tail & 1) == run->bit; run->tail++)
		;
}

static void block_feed(struct qrng_block *block, u8 byte)
{
	if (block->len)
		block->products += deviation(block->last) * deviation(byte);
	else
		block->first = byte;
	block->last = byte;
	block->counts[byte]++;
	run_feed_byte(&block->run, 8u * block->len, byte);
	block->len++;
}

static u64 longer(u64 a, u64 b)
{
	return a > b ? a : b;
}

/* The runs of a stretch that ends where @next, whose first bit is @first, begins. */
static void run_append(struct qrng_run *run, u64 bits, const struct qrng_run *next, u64 next_bits,
		       u8 first)
{
	u64 joint = bits && run->bit == first ? run->tail + next->head : next->head;

	run->longest = longer(run->longest, longer(next->longest, joint));
	if (run->tail == bits && (!bits || run->bit == first))
		run->head = joint;
	run->tail = next->head == next_bits ? joint : next->tail;
	run->bit = next->bit;
}

static void tally_append(struct qrng_tally *tally, const struct qrng_block *block)
{
	u32 i;

	if (!block->len)
		return;
	if (tally->len)
		tally->products += deviation(tally->last) * deviation(block->first);
	else
		tally->first = block->first;
	run_append(&tally->run, 8 * tally->len, &block->run, 8u * block->len, block->first >> 7);
	tally->products += block->products;
	tally->last = block->last;
	tally->len += block->len;
	for (i = 0; i < 256; i++)
		tally->counts[i] += block->counts[i];
}

static void block_full(struct qrng_metrics *metrics)
{
	tally_append(&metrics->total, &metrics->blocks[metrics->at]);
	metrics->at = (metrics->at + 1) % QRNG_METRICS_WINDOW;
	memset(&metrics->blocks[metrics->at], 0, sizeof(metrics->blocks[metrics->at]));
}

/* The first byte of all counts as if a zero had come before it, as others count. */
static void repetition_feed(struct qrng_metrics *metrics, u8 before, u8 byte)
{
	metrics->same = byte == before ? metrics->same + 1 : 1;
	if (metrics->same <= REPETITION_MAX)
		return;
	metrics->repetitions++;
	metrics->same = 1;
}

/**
 * qrng_metrics_init() - begin to count
 * @metrics: whatever it held is overwritten
 */
void qrng_metrics_init(struct qrng_metrics *metrics)
{
	memset(metrics, 0, sizeof(*metrics));
}

/**
 * qrng_metrics_feed() - take note of noise
 * @metrics: the figures
 * @noise: in the order it came
 * @len: how many bytes
 */
void qrng_metrics_feed(struct qrng_metrics *metrics, const u8 *noise, size_t len)
{
	struct qrng_block *block;
	size_t i;

	for (i = 0; i < len; i++) {
		block = &metrics->blocks[metrics->at];
		repetition_feed(metrics, block->len ? block->last : metrics->total.last, noise[i]);
		block_feed(block, noise[i]);
		metrics->biased += block->counts[noise[i]] > BIAS_MAX;
		if (block->len == QRNG_METRICS_BLOCK)
			block_full(metrics);
	}
}

/**
 * qrng_metrics_total() - figures since the start
 * @metrics: what was counted
 * @scratch: room to work in, too much for a stack
 * @figures: filled in
 */
void qrng_metrics_total(const struct qrng_metrics *metrics, struct qrng_tally *scratch,
			struct qrng_figures *figures)
{
	*scratch = metrics->total;
	tally_append(scratch, &metrics->blocks[metrics->at]);
	qrng_figures_make(figures, scratch);
}

/**
 * qrng_metrics_window() - figures of the last bytes
 * @metrics: what was counted
 * @scratch: room to work in, too much for a stack
 * @figures: filled in; over 3,584 to 4,095 bytes once there were as many
 */
void qrng_metrics_window(const struct qrng_metrics *metrics, struct qrng_tally *scratch,
			 struct qrng_figures *figures)
{
	u32 i;

	memset(scratch, 0, sizeof(*scratch));
	for (i = 1; i <= QRNG_METRICS_WINDOW; i++)
		tally_append(scratch, &metrics->blocks[(metrics->at + i) % QRNG_METRICS_WINDOW]);
	qrng_figures_make(figures, scratch);
}

/**
 * qrng_metrics_grade() - how even is that?
 * @ones_ppm: the monobit figure
 *
 * Return: its grade.
 */
enum qrng_grade qrng_metrics_grade(u32 ones_ppm)
{
	if (ones_ppm >= 490000 && ones_ppm <= 510000)
		return QRNG_GRADE_GOOD;
	return ones_ppm >= 450000 && ones_ppm <= 550000 ? QRNG_GRADE_WARNING : QRNG_GRADE_CRITICAL;
}
