// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include "noise.h"
#include "source.h"

/* Where those wait who take noise of any source. */
DECLARE_WAIT_QUEUE_HEAD(qrng_noise_wait);

/* Moves with each announcement: looking at the sources takes a lock, waiting must not. */
static atomic_t announced;

/* The number of the source that gave noise last; guarded by qrng_sources_lock. */
static u32 turn;

/**
 * qrng_noise_announce() - wake whoever waits for noise
 * @source: it has new noise, or another state
 *
 * Context: process context, does not sleep.
 */
void qrng_noise_announce(struct qrng_source *source)
{
	/* Pairs with qrng_noise_take_any(): who sees that it moved sees the noise. */
	atomic_fetch_inc_release(&announced);
	wake_up_all(&source->data_wait);
	wake_up_all(&qrng_noise_wait);
}

/*
 * The sources take turns, so that a reader who is faster than one of them has the rate of
 * all. Return: the source whose turn it is, NULL if none has noise to spare; -ENODEV if
 * none is there at all.
 */
static struct qrng_source *next_source(void)
{
	struct qrng_source *source, *first = NULL;
	bool present = false;

	list_for_each_entry(source, &qrng_sources, node) {
		present |= qrng_source_state(source) != QRNG_SOURCE_GONE;
		if (!qrng_source_spares(source))
			continue;
		if (source->number > turn)
			return source;
		first = first ?: source;
	}
	return present ? first : ERR_PTR(-ENODEV);
}

/* Return: bytes taken, 0 when there are none now, or an error. */
static ssize_t take_turn(u8 *to, size_t len, enum qrng_patience patience)
{
	struct qrng_source *source;
	ssize_t taken = 0;

	if (patience == QRNG_NOWAIT) {
		if (!mutex_trylock(&qrng_sources_lock))
			return -EAGAIN;
	} else if (mutex_lock_interruptible(&qrng_sources_lock)) {
		return -ERESTARTSYS;
	}
	source = next_source();
	if (IS_ERR(source)) {
		taken = PTR_ERR(source);
	} else if (source) {
		turn = source->number;
		taken = qrng_source_take_spare(source, to, len);
	}
	mutex_unlock(&qrng_sources_lock);
	return taken;
}

/**
 * qrng_noise_take_any() - take noise of whatever source has some, each byte once
 * @to: where the bytes go
 * @len: how many are wanted
 * @patience: how long to wait for the first of them
 *
 * Context: process context, may sleep.
 * Return: bytes taken, at least one; -ENODEV when no source is there; -EAGAIN,
 * -ERESTARTSYS.
 */
ssize_t qrng_noise_take_any(u8 *to, size_t len, enum qrng_patience patience)
{
	ssize_t taken;
	int seen;

	for (;;) {
		/* Before the look, or what comes between the two would not be waited for. */
		seen = atomic_read_acquire(&announced);
		taken = take_turn(to, len, patience);
		if (taken)
			return taken;
		if (patience != QRNG_WAIT)
			return -EAGAIN;
		if (wait_event_interruptible(qrng_noise_wait, atomic_read(&announced) != seen))
			return -ERESTARTSYS;
	}
}

/**
 * qrng_noise_look_any() - would there be noise now?
 *
 * Context: process context, may sleep.
 * Return: 1, 0, or -ENODEV when no source is there.
 */
int qrng_noise_look_any(void)
{
	struct qrng_source *source;

	mutex_lock(&qrng_sources_lock);
	source = next_source();
	mutex_unlock(&qrng_sources_lock);
	return IS_ERR(source) ? PTR_ERR(source) : !!source;
}

/*
 * The noise is taken before anybody knows whether it can be delivered: what a bad buffer
 * has no room for is lost, since nobody else may get a byte that has been on its way out.
 */
static ssize_t read_piece(const struct qrng_noise_tap *tap, struct iov_iter *to, u8 *bounce,
			  size_t size, enum qrng_patience patience)
{
	ssize_t taken = tap->take(tap, bounce, min(iov_iter_count(to), size), patience);
	size_t copied;

	if (taken <= 0)
		return taken;
	copied = copy_to_iter(bounce, taken, to);
	memzero_explicit(bounce, taken);
	if (copied < taken)
		/* Ends the read, as it should: what is left of the buffer is as bad. */
		iov_iter_truncate(to, 0);
	return copied ?: -EFAULT;
}

static ssize_t read_pieces(const struct qrng_noise_tap *tap, struct iov_iter *to, u8 *bounce,
			   size_t size, enum qrng_patience patience)
{
	ssize_t total = 0, ret = 0;

	while (iov_iter_count(to)) {
		ret = read_piece(tap, to, bounce, size, patience);
		if (ret <= 0)
			break;
		total += ret;
		if (!tap->whole)
			patience = max(patience, QRNG_NONBLOCK);
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		cond_resched();
	}
	return total ?: ret;
}

/* Splice holds the pipe's lock meanwhile: who is at the pipe's other end must not hang. */
static enum qrng_patience read_patience(const struct kiocb *iocb, const struct iov_iter *to)
{
	if (iocb->ki_flags & IOCB_NOWAIT)
		return QRNG_NOWAIT;
	if (iocb->ki_filp->f_flags & O_NONBLOCK || !user_backed_iter(to))
		return QRNG_NONBLOCK;
	return QRNG_WAIT;
}

/**
 * qrng_noise_read() - the read_iter() of a device that gives noise
 * @tap: where it comes from
 * @iocb: the read
 * @to: the buffer
 *
 * What passes through the kernel's memory is wiped there.
 *
 * Context: process context, may sleep.
 * Return: bytes read, or an error if none were.
 */
ssize_t qrng_noise_read(const struct qrng_noise_tap *tap, struct kiocb *iocb, struct iov_iter *to)
{
	enum qrng_patience patience = read_patience(iocb, to);
	u8 small[64], *page;
	ssize_t ret;

	/* Getting a page may mean waiting for one. */
	if (iov_iter_count(to) <= sizeof(small) || patience == QRNG_NOWAIT)
		return read_pieces(tap, to, small, sizeof(small), patience);
	page = (u8 *)__get_free_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	ret = read_pieces(tap, to, page, PAGE_SIZE, patience);
	free_page((unsigned long)page);
	return ret;
}
