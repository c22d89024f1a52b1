// SPDX-License-Identifier: GPL-2.0-only
/*
 * A Quantis card by its registers. All of it runs in the source's thread.
 *
 * The card has no interrupt that is known and no DMA: every word costs a bus read
 * of about a microsecond, so reads are what this is careful with.
 */
#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/unaligned.h>

#include "condition.h"
#include "core/quantis.h"
#include "quantis_card.h"

/* Neither the length of a reset nor how long modules take to settle is published. */
#define RESET_MIN_US	50
#define RESET_MAX_US	100
#define SETTLE_LIMIT_MS	100
#define SETTLE_POLL_US	1000

/* How long one module takes to fill a quarter of the FIFO, the least level it tells. */
#define QUARTER_US	(QUANTIS_FIFO_WORDS / 4 * sizeof(u32) * USEC_PER_SEC / QUANTIS_MODULE_RATE)

/*
 * Words per burst. On a bus so slow that the FIFO overflows during a burst, the next
 * ones get half as long, and then longer by a step each, so that few are lost.
 */
#define BURST_MAX	QUANTIS_FIFO_WORDS
#define BURST_MIN	16

static u32 reg_read(struct quantis *card, unsigned int offset)
{
	card->source.stats.register_reads++;
	return ioread32(card->regs + offset);
}

static void reg_write(struct quantis *card, unsigned int offset, u32 value)
{
	iowrite32(value, card->regs + offset);
}

static void fifo_flush(struct quantis *card)
{
	reg_write(card, QUANTIS_FIFO_FLUSH, 0);
}

/* Reading the status back makes each write reach the card before the delay. */
static void card_reset(struct quantis *card)
{
	reg_write(card, QUANTIS_CORE_ENABLE, QUANTIS_CORE_RESET);
	reg_read(card, QUANTIS_CORE_STATUS);
	usleep_range(RESET_MIN_US, RESET_MAX_US);
	reg_write(card, QUANTIS_CORE_DISABLE, QUANTIS_CORE_RESET);
	reg_read(card, QUANTIS_CORE_STATUS);
}

/* Return: 0, or -ENODEV; @status is what the modules say. */
static int modules_status(struct quantis *card, u32 *status)
{
	struct qrng_source_modules *modules = &card->source.modules;

	*status = reg_read(card, QUANTIS_MODULE_STATUS);
	if (*status == QUANTIS_ALL_ONES)
		return -ENODEV;
	modules->present = quantis_modules_with(*status, QUANTIS_MODULE_PRESENT);
	modules->working = quantis_modules_with(*status, QUANTIS_MODULE_PRESENT |
						QUANTIS_MODULE_ENABLED | QUANTIS_MODULE_GOOD);
	return 0;
}

/**
 * qrng_card_look() - see which modules it has, before it is a source
 * @card: the card; that it is not there is for its start to tell
 */
void qrng_card_look(struct quantis *card)
{
	u32 status;

	modules_status(card, &status);
}

/* A reset enables the modules of some cards and not of others: say what is wanted. */
static int modules_enable(struct quantis *card)
{
	u32 status, wanted;
	int ret = modules_status(card, &status);

	if (ret)
		return ret;
	wanted = card->source.modules.present & card->source.modules.wanted;
	if (!wanted)
		return -ENXIO;
	reg_write(card, QUANTIS_MODULE_DISABLE,
		  quantis_modules_spread(U32_MAX, QUANTIS_MODULE_SHUTDOWN | QUANTIS_MODULE_TEST) |
			  quantis_modules_spread(~wanted, QUANTIS_MODULE_ENABLED));
	reg_write(card, QUANTIS_MODULE_ENABLE,
		  quantis_modules_spread(wanted, QUANTIS_MODULE_ENABLED));
	return 0;
}

/* Return: 0 when all modules work, or some do and the others had their time. */
static int modules_settle(struct quantis *card)
{
	unsigned int polls = SETTLE_LIMIT_MS * USEC_PER_MSEC / SETTLE_POLL_US;
	const struct qrng_source_modules *modules = &card->source.modules;
	u32 status;
	int ret;

	while (polls--) {
		ret = modules_status(card, &status);
		if (ret)
			return ret;
		if (modules->working == (modules->present & modules->wanted))
			return 0;
		usleep_range(SETTLE_POLL_US, 2 * SETTLE_POLL_US);
	}
	return modules->working ? 0 : -EIO;
}

/*
 * It is not known whether a failed module's words still enter the FIFO, so it is
 * switched off, and what it may have left there is thrown away. Return: 1, or -EIO
 * when a module can not be switched off.
 */
static int modules_drop(struct quantis *card, u32 bad)
{
	u32 enabled;

	reg_write(card, QUANTIS_MODULE_DISABLE,
		  quantis_modules_spread(bad, QUANTIS_MODULE_ENABLED));
	fifo_flush(card);
	enabled = quantis_modules_with(reg_read(card, QUANTIS_MODULE_STATUS),
				       QUANTIS_MODULE_ENABLED);
	if (enabled & bad)
		return -EIO;
	qrng_condition_modules_failed(&card->source, bad);
	return 1;
}

/* Return: 0, 1 when the FIFO was flushed because a module had failed, or an error. */
static int modules_check(struct quantis *card)
{
	const struct qrng_source_modules *modules = &card->source.modules;
	u32 status, bad;
	int ret = modules_status(card, &status);

	if (ret)
		return ret;
	if (!modules->working)
		return -EIO;
	card->source.poll_us = QUARTER_US / hweight32(modules->working);
	bad = quantis_modules_with(status, QUANTIS_MODULE_ENABLED) & ~modules->working;
	return bad ? modules_drop(card, bad) : 0;
}

/** qrng_card_check() - look whether it is there, and switch off modules that failed */
int qrng_card_check(struct qrng_source *source)
{
	return min(modules_check(to_quantis(source)), 0);
}

/** qrng_card_start() - reset it, and let the modules make noise that shall */
int qrng_card_start(struct qrng_source *source)
{
	struct quantis *card = to_quantis(source);
	int ret;

	card->burst = BURST_MAX;
	card_reset(card);
	ret = modules_enable(card);
	if (ret)
		return ret;
	ret = modules_settle(card);
	if (ret)
		return ret;
	/* What the modules made while they settled. */
	fifo_flush(card);
	return qrng_card_check(source);
}

static void pop_words(struct quantis *card, u8 *buffer, u32 words)
{
	for (; words; words--, buffer += sizeof(u32))
		put_unaligned_le32(reg_read(card, QUANTIS_FIFO_DATA), buffer);
}

/* Return: the status, or -ENODEV. Flushes a FIFO that has overflowed. */
static int fifo_status(struct quantis *card, u32 *status)
{
	*status = reg_read(card, QUANTIS_FIFO_STATUS);
	if (*status == QUANTIS_ALL_ONES)
		return -ENODEV;
	if (quantis_fifo_error(*status))
		fifo_flush(card);
	return 0;
}

/*
 * Nobody outside the vendor knows what an overflow does to the words around it: a
 * burst counts only if the FIFO was in order before it and still is after it.
 */
static int burst_read(struct quantis *card, u8 *buffer, u32 words)
{
	u32 status;
	int ret;

	pop_words(card, buffer, words);
	ret = fifo_status(card, &status);
	if (ret)
		return ret;
	if (quantis_fifo_error(status)) {
		card->source.stats.overflows++;
		card->burst = max_t(u32, card->burst / 2, BURST_MIN);
		return 0;
	}
	card->burst = min_t(u32, card->burst + BURST_MIN, BURST_MAX);
	return words * sizeof(u32);
}

/* Return: words that may be read now, or an error. */
static int fifo_ready(struct quantis *card)
{
	u32 status, words;
	int ret = fifo_status(card, &status);

	if (ret)
		return ret;
	words = quantis_fifo_error(status) ? 0 : quantis_fifo_words(status);
	/* Below a quarter the level is not told: wait for that. */
	return words > 1 ? words : 0;
}

/** qrng_card_read() - take words out of its FIFO, as qrng_source_ops has it */
int qrng_card_read(struct qrng_source *source, u8 *buffer, size_t len)
{
	struct quantis *card = to_quantis(source);
	int words, ret;

	words = fifo_ready(card);
	if (words <= 0)
		return words;
	ret = modules_check(card);
	if (ret)
		return min(ret, 0);
	words = min_t(size_t, words, len / sizeof(u32));
	return burst_read(card, buffer, min_t(u32, words, card->burst));
}

/** qrng_card_stop() - switch all modules off: they make no noise nobody asked for */
void qrng_card_stop(struct qrng_source *source)
{
	reg_write(to_quantis(source), QUANTIS_MODULE_DISABLE,
		  quantis_modules_spread(U32_MAX, QUANTIS_MODULE_ENABLED));
}
