/* SPDX-License-Identifier: GPL-2.0-only */
/* The vendor's devices: /dev/qrandomN for programs written for the vendor's driver. */
#ifndef _QRNG_VENDORDEV_H
#define _QRNG_VENDORDEV_H

#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/types.h>

struct pci_dev;
struct qrng_source;

/**
 * struct qrng_vendor_card - a card, as its node shows it
 * @ref: held by the node and by each open file
 * @source: what is behind it; with a reference
 * @version: of the card's core
 * @address: where it is on the bus
 * @ais31: the flag by which the vendor's library tells applications to run the start-up
 *	tests of AIS 31; ours have been run, but they ask
 */
struct qrng_vendor_card {
	struct kref ref;
	struct qrng_source *source;
	u32 version;
	u32 address;
	bool ais31;
};

int qrng_vendordev_register(void);
void qrng_vendordev_start(void);
void qrng_vendordev_unregister(void);
void qrng_vendordev_add(struct qrng_source *source, struct pci_dev *pdev, u32 version);
void qrng_vendordev_remove(struct qrng_source *source);
u32 qrng_vendordev_cards(void);
long qrng_vendordev_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

#endif /* _QRNG_VENDORDEV_H */
