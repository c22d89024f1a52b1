// SPDX-License-Identifier: GPL-2.0-only
/* ID Quantique Quantis PCI and PCIe cards with one to four 4 Mbit/s modules. */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "core/quantis.h"
#include "quantis.h"
#include "quantis_card.h"
#include "reader.h"
#include "source.h"
#include "vendordev.h"

#define VENDOR_ID	0x179a
#define DEVICE_ID	0x0001

/* The vendor's own extractor keeps three bits of four. */
#define QUALITY		768

/* All of them shall work, unless an operator knows better. */
#define MODULES		GENMASK(QUANTIS_MODULES_MAX - 1, 0)

static DEFINE_IDA(card_numbers);

static void quantis_release(struct qrng_source *source)
{
	kfree(to_quantis(source));
}

static const struct qrng_source_ops quantis_ops = {
	.start = qrng_card_start,
	.check = qrng_card_check,
	.read = qrng_card_read,
	.stop = qrng_card_stop,
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
	int index = ida_alloc(&card_numbers, GFP_KERNEL), ret;

	if (index < 0) {
		kfree(card);
		return index;
	}
	card->index = index;
	snprintf(card->source.name, sizeof(card->source.name), "quantis.%d", card->index);
	card->source.ops = &quantis_ops;
	card->source.quality = QUALITY;
	card->source.modules.wanted = MODULES;
	qrng_card_look(card);
	ret = qrng_source_register(&card->source, &pdev->dev);
	if (ret)
		ida_free(&card_numbers, index);
	return ret;
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
	qrng_vendordev_add(&card->source, pdev, version);
	return 0;
}

static void quantis_remove(struct pci_dev *pdev)
{
	struct quantis *card = pci_get_drvdata(pdev);
	int index = card->index;

	qrng_vendordev_remove(&card->source);
	/* Somebody may still hold the memory, but the name is free. */
	qrng_source_unregister(&card->source);
	ida_free(&card_numbers, index);
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
