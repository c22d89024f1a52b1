/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_MAILBOX_H
#define _QRNG_MAILBOX_H

#include <linux/list.h>
#include <linux/spinlock.h>

struct qrng_source;

/**
 * struct qrng_mailbox - what others want done in a source's thread
 * @lock: guards everything below
 * @calls: those that were not begun yet, the oldest first
 * @closed: nobody will do them any more
 */
struct qrng_mailbox {
	spinlock_t lock;
	struct list_head calls;
	bool closed;
};

void qrng_mailbox_init(struct qrng_source *source);
void qrng_mailbox_serve(struct qrng_source *source);
void qrng_mailbox_close(struct qrng_source *source);
bool qrng_mailbox_empty(struct qrng_source *source);

#endif /* _QRNG_MAILBOX_H */
