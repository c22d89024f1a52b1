// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "../uapi/qrandom.h"
#include "control.h"
#include "source.h"
#include "vendordev.h"

/* How long a card that starts is waited for. It goes on after that, too. */
#define START_LIMIT	(2 * HZ)

/* The card tells no serial number; the vendor's library says this when it gets none. */
static const char serial[QRANDOM_SERIAL_SIZE] = "S/N not available";

static bool has_started(const struct qrng_source *source)
{
	return qrng_source_state(source) != QRNG_SOURCE_STARTUP;
}

/*
 * The vendor's library asks which modules work before each read and gives up if none does,
 * and programs read at once after a reset. So what comes after a start waits for its end.
 */
static int wait_start(struct qrng_source *source)
{
	long ret = wait_event_killable_timeout(source->data_wait, has_started(source), START_LIMIT);

	return min(ret, 0L);
}

static bool has_settled(const struct qrng_source *source)
{
	enum qrng_source_state state = qrng_source_state(source);

	return state == QRNG_SOURCE_HEALTHY || state == QRNG_SOURCE_DISABLED ||
	       state == QRNG_SOURCE_GONE;
}

/* A first try may fail that a second one mends. */
static int wait_settled(struct qrng_source *source)
{
	long ret = wait_event_killable_timeout(source->data_wait, has_settled(source), START_LIMIT);

	return min(ret, 0L);
}

static int get_modules(struct qrng_source *source, unsigned int cmd, u32 *value)
{
	int ret = wait_start(source);

	if (ret)
		return ret;
	*value = cmd == QRANDOM_IOC_STATUS ? READ_ONCE(source->modules.working) :
					     READ_ONCE(source->modules.present);
	return 0;
}

static int get_value(const struct qrng_vendor_card *card, unsigned int cmd, u32 *value)
{
	switch (cmd) {
	case QRANDOM_IOC_DRIVER_VERSION:
		*value = QRANDOM_DRIVER_VERSION;
		return 0;
	case QRANDOM_IOC_CARDS:
		*value = qrng_vendordev_cards();
		return 0;
	case QRANDOM_IOC_BOARD_VERSION:
		*value = card->version;
		return 0;
	case QRANDOM_IOC_BUS_DEVICE:
		*value = card->address;
		return 0;
	case QRANDOM_IOC_AIS31_FLAG:
		*value = READ_ONCE(card->ais31);
		return 0;
	case QRANDOM_IOC_MODULES:
	case QRANDOM_IOC_STATUS:
		return get_modules(card->source, cmd, value);
	default:
		return -ENOTTY;
	}
}

static int tell(const struct qrng_vendor_card *card, unsigned int cmd, u32 __user *to)
{
	u32 value;
	int ret = get_value(card, cmd, &value);

	return ret ?: put_user(value, to);
}

static int switch_modules(struct qrng_source *source, unsigned int cmd, const u32 __user *from)
{
	u32 modules;

	if (get_user(modules, from))
		return -EFAULT;
	if (cmd == QRANDOM_IOC_ENABLE)
		return qrng_source_switch(source, modules, 0);
	return qrng_source_switch(source, 0, modules);
}

/*
 * The library opens the node for reading only, so the file's mode says nothing; but who may
 * read noise shall not stop the card for everybody unless he could have written, too.
 */
static int change(struct file *file, unsigned int cmd, const u32 __user *from)
{
	struct qrng_vendor_card *card = file->private_data;
	int ret = file_permission(file, MAY_WRITE) ?: wait_start(card->source);

	if (ret)
		return ret;
	if (cmd == QRANDOM_IOC_RESET) {
		ret = qrng_source_restart_all(card->source);
		WRITE_ONCE(card->ais31, true);
	} else {
		ret = switch_modules(card->source, cmd, from);
	}
	return ret ?: wait_settled(card->source);
}

/**
 * qrng_vendordev_ioctl() - answer one of the vendor's ioctls
 * @file: an open /dev/qrandomN
 * @cmd: which
 * @arg: its argument, a pointer
 *
 * Context: process context, sleeps.
 * Return: 0, or an error, see qrandom.h.
 */
long qrng_vendordev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct qrng_vendor_card *card = file->private_data;
	void __user *user = (void __user *)arg;

	if (qrng_source_state(card->source) == QRNG_SOURCE_GONE)
		return -ENODEV;
	switch (cmd) {
	case QRANDOM_IOC_RESET:
	case QRANDOM_IOC_ENABLE:
	case QRANDOM_IOC_DISABLE:
		return change(file, cmd, user);
	case QRANDOM_IOC_AIS31_CLEAR:
		/* The library passes NULL here, though the number speaks of a word. */
		WRITE_ONCE(card->ais31, false);
		return 0;
	case QRANDOM_IOC_SERIAL:
		return copy_to_user(user, serial, sizeof(serial)) ? -EFAULT : 0;
	default:
		return tell(card, cmd, user);
	}
}
