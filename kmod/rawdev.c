// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/splice.h>

#include "../uapi/qrng.h"
#include "noise.h"
#include "rawdev.h"

static ssize_t rawdev_take(const struct qrng_noise_tap *tap, u8 *to, size_t len,
			   enum qrng_patience patience)
{
	return qrng_noise_take_any(to, len, patience);
}

static ssize_t rawdev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	static const struct qrng_noise_tap tap = { .take = rawdev_take };

	return qrng_noise_read(&tap, iocb, to);
}

static __poll_t rawdev_poll(struct file *file, poll_table *wait)
{
	int ret;

	poll_wait(file, &qrng_noise_wait, wait);
	ret = qrng_noise_look_any();
	if (ret < 0)
		return EPOLLERR | EPOLLHUP;
	return ret ? EPOLLIN | EPOLLRDNORM : 0;
}

static int rawdev_open(struct inode *inode, struct file *file)
{
	file->f_mode |= FMODE_NOWAIT;
	return nonseekable_open(inode, file);
}

static const struct file_operations rawdev_fops = {
	.owner = THIS_MODULE,
	.open = rawdev_open,
	.read_iter = rawdev_read_iter,
	.splice_read = copy_splice_read,
	.poll = rawdev_poll,
};

/*
 * Whoever drinks here takes noise away from others: not for everybody. The group is for
 * udev to set, e.g. KERNEL=="qrng_raw", GROUP="qrng".
 */
static struct miscdevice rawdev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = QRNG_RAW_DEVICE,
	.mode = 0440,
	.fops = &rawdev_fops,
};

static bool registered;

/** qrng_rawdev_register() - make /dev/qrng_raw appear; a failure is logged, and all the harm */
void qrng_rawdev_register(void)
{
	int ret = misc_register(&rawdev);

	registered = !ret;
	if (ret)
		pr_warn("no /dev/" QRNG_RAW_DEVICE " (%d)\n", ret);
}

/** qrng_rawdev_unregister() - take /dev/qrng_raw away, if it is there; no file of it is open */
void qrng_rawdev_unregister(void)
{
	if (registered)
		misc_deregister(&rawdev);
}
