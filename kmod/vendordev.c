// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/splice.h>

#include "../uapi/qrandom.h"
#include "noise.h"
#include "source.h"
#include "vendordev.h"

/*
 * Programs take EIO for a broken card. A reset, with the start-up test after it, is much
 * shorter than this, and so are the first tries of a card that has failed.
 */
#define READ_LIMIT	(10 * HZ)

static bool vendor_devices = true;
module_param(vendor_devices, bool, 0444);
MODULE_PARM_DESC(vendor_devices, "offer the vendor's /dev/qrandomN, too (default: on)");

static unsigned int vendor_first;
module_param(vendor_first, uint, 0444);
MODULE_PARM_DESC(vendor_first, "number of the first of them, if others are there (default: 0)");

static struct class vendor_class = {
	.name = QRANDOM_CLASS,
};

/* Guards the table of cards. */
static DEFINE_MUTEX(cards_lock);
static struct qrng_vendor_card *cards[QRANDOM_CARDS_MAX];

static dev_t numbers;
static struct cdev cdev;
static bool registered, started;

static void card_release(struct kref *ref)
{
	struct qrng_vendor_card *card = container_of(ref, struct qrng_vendor_card, ref);

	qrng_source_put(card->source);
	kfree(card);
}

/**
 * struct vendor_tap - the noise of one card
 * @tap: for qrng_noise_read()
 * @source: the card's
 */
struct vendor_tap {
	struct qrng_noise_tap tap;
	struct qrng_source *source;
};

static bool gone(const struct qrng_source *source)
{
	return qrng_source_state(source) == QRNG_SOURCE_GONE;
}

static ssize_t vendor_take(const struct qrng_noise_tap *tap, u8 *to, size_t len,
			   enum qrng_patience patience)
{
	struct qrng_source *source = container_of(tap, struct vendor_tap, tap)->source;
	long left = patience == QRNG_WAIT ? READ_LIMIT : 0;
	ssize_t taken;

	for (;;) {
		if (gone(source))
			return -ENODEV;
		taken = qrng_source_take_spare(source, to, len);
		if (taken)
			return taken;
		if (!left)
			return patience == QRNG_WAIT ? -EIO : -EAGAIN;
		left = wait_event_interruptible_timeout(source->data_wait,
							qrng_source_spares(source) || gone(source),
							left);
		if (left < 0)
			return left;
	}
}

static ssize_t vendor_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	const struct qrng_vendor_card *card = iocb->ki_filp->private_data;
	const struct vendor_tap tap = {
		.tap = { .take = vendor_take, .whole = true },
		.source = card->source,
	};

	return qrng_noise_read(&tap.tap, iocb, to);
}

static __poll_t vendor_poll(struct file *file, poll_table *wait)
{
	const struct qrng_vendor_card *card = file->private_data;

	poll_wait(file, &card->source->data_wait, wait);
	if (gone(card->source))
		return EPOLLERR | EPOLLHUP;
	return qrng_source_spares(card->source) ? EPOLLIN | EPOLLRDNORM : 0;
}

static int vendor_open(struct inode *inode, struct file *file)
{
	struct qrng_vendor_card *card;

	mutex_lock(&cards_lock);
	card = cards[iminor(inode) - MINOR(numbers)];
	if (card)
		kref_get(&card->ref);
	mutex_unlock(&cards_lock);
	if (!card)
		return -ENODEV;
	file->private_data = card;
	file->f_mode |= FMODE_NOWAIT;
	return 0;
}

static int vendor_release(struct inode *inode, struct file *file)
{
	struct qrng_vendor_card *card = file->private_data;

	kref_put(&card->ref, card_release);
	return 0;
}

static const struct file_operations vendor_fops = {
	.owner = THIS_MODULE,
	.open = vendor_open,
	.release = vendor_release,
	.read_iter = vendor_read_iter,
	.splice_read = copy_splice_read,
	.poll = vendor_poll,
	.unlocked_ioctl = qrng_vendordev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	/* As the vendor's: seeking does nothing, and is no error. */
	.llseek = noop_llseek,
};

/* The lowest number that is free: the vendor's library counts nodes and starts at the first. */
static int find_number(const struct qrng_vendor_card *card)
{
	int i;

	for (i = 0; i < QRANDOM_CARDS_MAX; i++)
		if (cards[i] == card)
			return i;
	return -ENOSPC;
}

static int card_add(struct qrng_vendor_card *card, struct device *parent)
{
	struct device *node;
	int number = find_number(NULL);

	if (number < 0)
		return number;
	node = device_create(&vendor_class, parent, numbers + number, NULL, QRANDOM_CLASS "%u",
			     vendor_first + number);
	if (IS_ERR(node))
		return PTR_ERR(node);
	cards[number] = card;
	return 0;
}

/**
 * qrng_vendordev_add() - give a card its node
 * @source: the card's source, registered
 * @pdev: the card
 * @version: of its core
 *
 * A failure is logged: the card serves everybody else all the same.
 *
 * Context: process context, sleeps.
 */
void qrng_vendordev_add(struct qrng_source *source, struct pci_dev *pdev, u32 version)
{
	struct qrng_vendor_card *card;
	int ret = -ENOMEM;

	if (!registered)
		return;
	card = kzalloc(sizeof(*card), GFP_KERNEL);
	if (!card)
		goto err;
	kref_init(&card->ref);
	get_device(&source->dev);
	card->source = source;
	/* The vendor's library takes what is negative for an error. */
	card->version = version & S32_MAX;
	card->address = pdev->bus->number << 16 | PCI_SLOT(pdev->devfn);
	card->ais31 = true;
	mutex_lock(&cards_lock);
	ret = card_add(card, &pdev->dev);
	mutex_unlock(&cards_lock);
	if (!ret)
		return;
	kref_put(&card->ref, card_release);
err:
	pci_warn(pdev, "no /dev/" QRANDOM_CLASS "N for it (%d)\n", ret);
}

static struct qrng_vendor_card *card_remove(const struct qrng_source *source)
{
	struct qrng_vendor_card *card;
	int i;

	for (i = 0; i < QRANDOM_CARDS_MAX; i++) {
		card = cards[i];
		if (!card || card->source != source)
			continue;
		cards[i] = NULL;
		device_destroy(&vendor_class, numbers + i);
		return card;
	}
	return NULL;
}

/**
 * qrng_vendordev_remove() - take a card's node away, if it has one
 * @source: the card's source; files that are open keep its memory
 *
 * Context: process context, sleeps.
 */
void qrng_vendordev_remove(struct qrng_source *source)
{
	struct qrng_vendor_card *card;

	mutex_lock(&cards_lock);
	card = card_remove(source);
	mutex_unlock(&cards_lock);
	if (card)
		kref_put(&card->ref, card_release);
}

/** qrng_vendordev_cards() - how many cards have a node */
u32 qrng_vendordev_cards(void)
{
	u32 count = 0;
	int i;

	mutex_lock(&cards_lock);
	for (i = 0; i < QRANDOM_CARDS_MAX; i++)
		count += !!cards[i];
	mutex_unlock(&cards_lock);
	return count;
}

/* Others may have the name: the vendor's driver of another kind of card, for one. */
static int numbers_register(void)
{
	int ret = class_register(&vendor_class);

	if (ret)
		return ret;
	ret = alloc_chrdev_region(&numbers, 0, QRANDOM_CARDS_MAX, QRANDOM_CLASS);
	if (ret)
		class_unregister(&vendor_class);
	return ret;
}

/**
 * qrng_vendordev_register() - be ready for cards, unless the operator does not want this
 *
 * Return: 0, or -EINVAL for a parameter that is not allowed. Any other failure is logged
 * only, as all else works without.
 */
int qrng_vendordev_register(void)
{
	int ret;

	if (vendor_first > QRANDOM_FIRST_MAX) {
		pr_err("vendor_first=%u is not allowed; give 0 to %u\n", vendor_first,
		       QRANDOM_FIRST_MAX);
		return -EINVAL;
	}
	if (!vendor_devices)
		return 0;
	ret = numbers_register();
	registered = !ret;
	if (ret)
		pr_warn("no /dev/" QRANDOM_CLASS "N (%d)\n", ret);
	return 0;
}

/** qrng_vendordev_start() - let the nodes be opened; the module can not fail to start now */
void qrng_vendordev_start(void)
{
	int ret;

	if (!registered)
		return;
	cdev_init(&cdev, &vendor_fops);
	cdev.owner = THIS_MODULE;
	ret = cdev_add(&cdev, numbers, QRANDOM_CARDS_MAX);
	started = !ret;
	if (ret)
		pr_warn("/dev/" QRANDOM_CLASS "N can not be opened (%d)\n", ret);
}

/** qrng_vendordev_unregister() - be ready no longer; no card has a node and no file is open */
void qrng_vendordev_unregister(void)
{
	if (!registered)
		return;
	if (started)
		cdev_del(&cdev);
	unregister_chrdev_region(numbers, QRANDOM_CARDS_MAX);
	class_unregister(&vendor_class);
}
