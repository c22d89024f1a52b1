/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR BSD-3-Clause) */
/*
 * qrandom: the interface of the vendor's own driver for Quantis PCI cards, as this
 * module offers it to programs that were written for that
 *
 * Character device /dev/qrandomN (mode 0600 unless udev says otherwise), one per card
 *
 *   read()   Noise of this card, health-tested but not processed, each byte once whoever
 *            reads it by whatever way. Waits until all that was asked for is there; never
 *            returns 0 otherwise. Less than that only if a signal comes or the card fails
 *            meanwhile, or with O_NONBLOCK; EAGAIN then if there is nothing. EIO when
 *            nothing came for ten seconds, ENODEV once the card is gone.
 *   poll()   POLLIN when there is noise, POLLERR | POLLHUP once the card is gone.
 *   ioctl()  Below; a descriptor open for reading will do for each of them. Those that
 *            change what the card does want the permission to write to the node, or are
 *            EACCES, and come back when the card has started over. A bad pointer is
 *            EFAULT, an unknown number ENOTTY, anything ENODEV once the card is gone.
 *   open()   ENODEV for a minor number without a card.
 *
 * Masks have bit n for module n; bits beyond the modules present are ignored.
 */
#ifndef _UAPI_QRANDOM_H
#define _UAPI_QRANDOM_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define QRANDOM_CLASS			"qrandom"	/* and the nodes' names begin so */
#define QRANDOM_CARDS_MAX		10
#define QRANDOM_FIRST_MAX		(127 - QRANDOM_CARDS_MAX)
#define QRANDOM_SERIAL_SIZE		256

/* Ten times the version of the vendor's software that this interface is the one of. */
#define QRANDOM_DRIVER_VERSION		202

#define QRANDOM_IOC_MAGIC		'q'
#define QRANDOM_IOC_DRIVER_VERSION	_IOR(QRANDOM_IOC_MAGIC, 0, __u32)
#define QRANDOM_IOC_CARDS		_IOR(QRANDOM_IOC_MAGIC, 1, __u32)	/* how many */
#define QRANDOM_IOC_MODULES		_IOR(QRANDOM_IOC_MAGIC, 2, __u32)	/* present */
#define QRANDOM_IOC_BOARD_VERSION	_IOR(QRANDOM_IOC_MAGIC, 3, __u32)
#define QRANDOM_IOC_RESET		_IO(QRANDOM_IOC_MAGIC, 4)	/* and enable all */
#define QRANDOM_IOC_ENABLE		_IOW(QRANDOM_IOC_MAGIC, 5, __u32)
#define QRANDOM_IOC_DISABLE		_IOW(QRANDOM_IOC_MAGIC, 6, __u32)
#define QRANDOM_IOC_STATUS		_IOR(QRANDOM_IOC_MAGIC, 8, __u32)	/* working */
#define QRANDOM_IOC_BUS_DEVICE		_IOR(QRANDOM_IOC_MAGIC, 9, __u32) /* bus << 16 | slot */
/* 1 since the card came or was reset, until cleared; whose argument is not looked at */
#define QRANDOM_IOC_AIS31_FLAG		_IOR(QRANDOM_IOC_MAGIC, 10, __u32)
#define QRANDOM_IOC_AIS31_CLEAR		_IOW(QRANDOM_IOC_MAGIC, 11, __u32)
#define QRANDOM_IOC_SERIAL		_IOR(QRANDOM_IOC_MAGIC, 12, char[QRANDOM_SERIAL_SIZE])

#endif /* _UAPI_QRANDOM_H */
