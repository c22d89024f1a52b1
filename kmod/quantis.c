// SPDX-License-Identifier: GPL-2.0-only
/*
 * ID Quantique Quantis PCI and PCIe cards with one to four 4 Mbit/s modules.
 *
 * The card has no interrupt that is known and no DMA: every word costs a bus read
 * of about a microsecond, so reads are what this driver is careful with.
 */
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "condition.h"
#include "core/quantis.h"
#include "quantis.h"
#include "reader.h"
#include "source.h"

#define VENDOR_ID	0x179a
#define DEVICE_ID	0x0001

/* The vendor's own extractor keeps three bits of four. */
#define QUALITY		768

/* All of them shall work, unless an operator knows better. */
#define MODULES		GENMASK(QUANTIS_MODULES_MAX - 1, 0)

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

/**
 * struct quantis - one card
 * @source: what the rest of the module sees of it
 * @regs: its registers; the source thread's alone
 * @index: its number
 * @burst: words to read before the FIFO's status is looked at again
 */
struct quantis {
	struct qrng_source source;
	void __iomem *regs;
	int index;
	u32 burst;
};

static DEFINE_IDA(card_numbers);

static struct quantis *to_quantis(struct qrng_source *source)
{
	return container_of(source, struct quantis, source);
}

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

static int quantis_check(struct qrng_source *source)
{
	return min(modules_check(to_quantis(source)), 0);
}

static int quantis_start(struct qrng_source *source)
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
	return quantis_check(source);
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

static int quantis_read(struct qrng_source *source, u8 *buffer, size_t len)
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

/* Modules that are off make no noise nobody asked for. */
static void quantis_stop(struct qrng_source *source)
{
	reg_write(to_quantis(source), QUANTIS_MODULE_DISABLE,
		  quantis_modules_spread(U32_MAX, QUANTIS_MODULE_ENABLED));
}

static void quantis_release(struct qrng_source *source)
{
	struct quantis *card = to_quantis(source);

	ida_free(&card_numbers, card->index);
	kfree(card);
}

static const struct qrng_source_ops quantis_ops = {
	.start = quantis_start,
	.check = quantis_check,
	.read = quantis_read,
	.stop = quantis_stop,
	.release = quantis_release,
};

static int map_registers(struct pci_dev *pdev, void __iomem **regs)
{
	int ret;

	if (!(pci_resource_flags(pdev, QUANTIS_BAR) & IORESOURCE_MEM) ||
	    pci_resource_len(pdev, QUANTIS_BAR) < QUANTIS_BAR_SIZE) {
		dev_err(&pdev->dev, "BAR%d is no register window of at least %d bytes\n",
			QUANTIS_BAR, QUANTIS_BAR_SIZE);
		return -ENODEV;
	}
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	/* Only this one: somebody else may own the others, whose use is not known. */
	*regs = pcim_iomap_region(pdev, QUANTIS_BAR, KBUILD_MODNAME);
	return PTR_ERR_OR_ZERO(*regs);
}

static int card_register(struct pci_dev *pdev, struct quantis *card)
{
	card->index = ida_alloc(&card_numbers, GFP_KERNEL);
	if (card->index < 0) {
		int ret = card->index;

		kfree(card);
		return ret;
	}
	snprintf(card->source.name, sizeof(card->source.name), "quantis.%d", card->index);
	card->source.ops = &quantis_ops;
	card->source.quality = QUALITY;
	card->source.modules.wanted = MODULES;
	return qrng_source_register(&card->source, &pdev->dev);
}

static int quantis_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct quantis *card;
	void __iomem *regs;
	u32 version;
	int ret;

	ret = map_registers(pdev, &regs);
	if (ret)
		return ret;
	version = ioread32(regs + QUANTIS_CORE_VERSION);
	if (version == QUANTIS_ALL_ONES)
		return -ENODEV;
	card = kzalloc(sizeof(*card), GFP_KERNEL);
	if (!card)
		return -ENOMEM;
	card->regs = regs;
	ret = card_register(pdev, card);
	if (ret)
		return ret;
	pci_set_drvdata(pdev, card);
	pci_info(pdev, "%s, core version %#010x\n", card->source.name, version);
	return 0;
}

static void quantis_remove(struct pci_dev *pdev)
{
	struct quantis *card = pci_get_drvdata(pdev);

	qrng_source_unregister(&card->source);
}

/*
 * The machine goes down: the card rests, and that is all there is time for. The hwrng
 * framework may take ten seconds to let a source go.
 */
static void quantis_shutdown(struct pci_dev *pdev)
{
	struct quantis *card = pci_get_drvdata(pdev);

	qrng_reader_halt(&card->source);
}

static const struct pci_device_id quantis_ids[] = {
	{ PCI_DEVICE(VENDOR_ID, DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(pci, quantis_ids);

static struct pci_driver quantis_driver = {
	.name = "qrng_quantis",
	.id_table = quantis_ids,
	.probe = quantis_probe,
	.remove = quantis_remove,
	.shutdown = quantis_shutdown,
};

/** qrng_quantis_register() - take every Quantis card there is, and those to come */
int qrng_quantis_register(void)
{
	return pci_register_driver(&quantis_driver);
}

/** qrng_quantis_unregister() - let all cards go */
void qrng_quantis_unregister(void)
{
	pci_unregister_driver(&quantis_driver);
	ida_destroy(&card_numbers);
}
