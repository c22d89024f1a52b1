// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "chardev.h"
#include "child.h"
#include "drbg.h"
#include "generation.h"
#include "policy.h"

/* Bytes made at a time: changing keys costs little against that many. Pages may be larger. */
#define BOUNCE_MAX	max_t(size_t, SZ_16K, PAGE_SIZE)

/**
 * struct open_file - one open of /dev/qrng_drbg
 * @lock: serialises readers that share the file; never held while bytes are copied
 *	to userspace, which may take for ever
 * @child: this file's own generator
 */
struct open_file {
	struct mutex lock;
	struct qrng_child child;
};

/*
 * The state is looked at once: a card that comes between two looks must not turn
 * "no source" into "go on". ENODEV is for as long as no source is there; a reader that
 * sleeps through a short absence waits on.
 */
static bool decided(int *ret)
{
	*ret = qrng_policy_check();
	return *ret != -EAGAIN;
}

/* Return: 0 when bytes may be drawn, -ENODEV, -EIO, -EAGAIN or -ERESTARTSYS. */
static int wait_ready(bool nonblock)
{
	int ret;

	if (!decided(&ret) && !nonblock && wait_event_interruptible(qrng_drbg_wait, decided(&ret)))
		return -ERESTARTSYS;
	return ret;
}

/* Return: how much of @len may be drawn now, or the errors of wait_ready(). */
static ssize_t wait_grant(size_t len, bool nonblock)
{
	size_t granted;
	int ret;

	do {
		ret = wait_ready(nonblock);
		if (ret)
			return ret;
		granted = qrng_policy_grant(len);
	} while (!granted);
	return granted;
}

static int lock_file(struct open_file *open, bool nowait)
{
	if (nowait)
		return mutex_trylock(&open->lock) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(&open->lock) ? -ERESTARTSYS : 0;
}

/*
 * Copying may sleep for as long as userspace likes: what has been delivered by then must
 * be nowhere else, and what has not is dropped when the generation moves, as it may exist
 * twice. Return: bytes that reached userspace; none is left in @bounce.
 */
static size_t hand_over(struct iov_iter *to, u8 *bounce, size_t len, u64 generation)
{
	size_t at, part, copied = 0;

	for (at = 0; at < len && copied == at && generation == qrng_generation(); at += part) {
		part = min_t(size_t, len - at, PAGE_SIZE);
		copied += copy_to_iter(bounce + at, part, to);
		memzero_explicit(bounce + at, part);
	}
	memzero_explicit(bounce + at, len - at);
	return copied;
}

/* @generation is that of the seed they were made from. */
static int draw(struct open_file *open, u8 *bounce, size_t len, bool nowait, u64 *generation)
{
	int ret = lock_file(open, nowait);

	if (ret)
		return ret;
	ret = qrng_child_draw(&open->child, bounce, len, nowait);
	*generation = open->child.generator.generation;
	mutex_unlock(&open->lock);
	return ret;
}

/*
 * Return: bytes that reached userspace, 0 if they were dropped and others are to be drawn;
 * or an error if none did.
 */
static ssize_t read_piece(struct open_file *open, struct iov_iter *to, u8 *bounce, size_t size,
			  bool nonblock, bool nowait)
{
	ssize_t len = wait_grant(min(iov_iter_count(to), size), nonblock);
	u64 generation;
	size_t copied;
	int ret;

	if (len < 0)
		return len;
	ret = draw(open, bounce, len, nowait, &generation);
	if (ret)
		return ret;
	copied = hand_over(to, bounce, len, generation);
	if (!copied && generation == qrng_generation())
		return -EFAULT;
	return copied;
}

static ssize_t read_pieces(struct kiocb *iocb, struct iov_iter *to, u8 *bounce, size_t size)
{
	bool nowait = iocb->ki_flags & IOCB_NOWAIT;
	/* Splice holds the pipe's lock meanwhile: who is at the pipe's other end must not hang. */
	bool nonblock = nowait || iocb->ki_filp->f_flags & O_NONBLOCK || !user_backed_iter(to);
	ssize_t total = 0, ret = 0;

	while (iov_iter_count(to)) {
		ret = read_piece(iocb->ki_filp->private_data, to, bounce, size, nonblock, nowait);
		if (ret < 0)
			break;
		total += ret;
		if (total % PAGE_SIZE >= ret)	/* not past the end of a page */
			continue;
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		cond_resched();
	}
	return total ?: ret;
}

/* Pages to make @len bytes in, as many as can be had at once, or none. */
static u8 *get_pages(size_t *len, bool nowait)
{
	gfp_t gfp = nowait ? GFP_NOWAIT : GFP_KERNEL;
	unsigned long pages = 0;

	*len = clamp_t(size_t, *len, PAGE_SIZE, BOUNCE_MAX);
	if (*len > PAGE_SIZE)
		pages = __get_free_pages(gfp | __GFP_NORETRY | __GFP_NOWARN, get_order(*len));
	if (!pages) {
		*len = PAGE_SIZE;
		pages = __get_free_page(gfp | __GFP_NOWARN);
	}
	return (u8 *)pages;
}

/*
 * Bytes are made here and then copied: nothing is held meanwhile, and no byte is left.
 * Without memory it goes on in small pieces.
 */
static ssize_t chardev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	size_t len = iov_iter_count(to);
	u8 small[64], *pages = NULL;
	ssize_t ret;

	if (len > sizeof(small))
		pages = get_pages(&len, iocb->ki_flags & IOCB_NOWAIT);
	if (!pages)
		return read_pieces(iocb, to, small, sizeof(small));
	ret = read_pieces(iocb, to, pages, len);
	free_pages((unsigned long)pages, get_order(len));
	return ret;
}

static __poll_t chardev_poll(struct file *file, poll_table *wait)
{
	poll_wait(file, &qrng_drbg_wait, wait);
	switch (qrng_policy_check()) {
	case 0:
		return EPOLLIN | EPOLLRDNORM;
	case -EIO:
		return EPOLLERR;
	case -ENODEV:
		return EPOLLERR | EPOLLHUP;
	default:
		return 0;
	}
}

static int ioctl_info(struct open_file *open, void __user *to)
{
	struct qrng_file_info info;
	int ret = lock_file(open, false);

	if (ret)
		return ret;
	qrng_child_look(&open->child, &info);
	mutex_unlock(&open->lock);
	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : 0;
}

static int ioctl_set_generator(struct open_file *open, const u32 __user *from)
{
	u32 id;
	int ret;

	if (get_user(id, from))
		return -EFAULT;
	ret = lock_file(open, false);
	if (ret)
		return ret;
	ret = qrng_child_set_type(&open->child, id);
	mutex_unlock(&open->lock);
	return ret;
}

static int ioctl_reseed(struct open_file *open, bool nonblock)
{
	int ret = wait_ready(nonblock) ?: lock_file(open, false);

	if (ret)
		return ret;
	ret = qrng_child_renew(&open->child, false);
	mutex_unlock(&open->lock);
	return ret;
}

static long chardev_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	void __user *user = (void __user *)argument;

	switch (command) {
	case QRNG_IOC_INFO:
		return ioctl_info(file->private_data, user);
	case QRNG_IOC_SET_GENERATOR:
		return ioctl_set_generator(file->private_data, user);
	case QRNG_IOC_RESEED:
		return ioctl_reseed(file->private_data, file->f_flags & O_NONBLOCK);
	default:
		return -ENOTTY;
	}
}

static int chardev_mmap(struct file *file, struct vm_area_struct *vma)
{
	return qrng_generation_mmap(vma);
}

static int chardev_open(struct inode *inode, struct file *file)
{
	struct open_file *open = kmalloc(sizeof(*open), GFP_KERNEL_ACCOUNT);

	if (!open)
		return -ENOMEM;
	mutex_init(&open->lock);
	qrng_child_open(&open->child, qrng_drbg_generator());
	file->private_data = open;
	file->f_mode |= FMODE_NOWAIT;
	return nonseekable_open(inode, file);
}

static int chardev_release(struct inode *inode, struct file *file)
{
	struct open_file *open = file->private_data;

	qrng_child_release(&open->child);
	kfree(open);
	return 0;
}

static const struct file_operations chardev_fops = {
	.owner = THIS_MODULE,
	.open = chardev_open,
	.release = chardev_release,
	.read_iter = chardev_read_iter,
	.splice_read = copy_splice_read,
	.poll = chardev_poll,
	.mmap = chardev_mmap,
	.unlocked_ioctl = chardev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice chardev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = QRNG_DRBG_DEVICE,
	.mode = 0444,
	.fops = &chardev_fops,
};

/** qrng_chardev_register() - make /dev/qrng_drbg appear */
int qrng_chardev_register(void)
{
	return misc_register(&chardev);
}

/** qrng_chardev_unregister() - take /dev/qrng_drbg away; no file of it is open */
void qrng_chardev_unregister(void)
{
	misc_deregister(&chardev);
}
