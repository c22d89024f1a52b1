/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_RESERVE_H
#define _QRNG_RESERVE_H

#include <linux/spinlock.h>
#include <linux/types.h>

/* Four full FIFOs of a Quantis card: a burst always has room beside what is wanted. */
#define QRNG_RESERVE_SIZE	16384

/**
 * struct qrng_reserve - tested noise of one source, waiting for a consumer
 * @lock: guards everything below
 * @start: index of the oldest byte
 * @fill: bytes held
 * @closed: takes no bytes and has none
 * @bytes: a ring; a place that holds no byte holds zero
 */
struct qrng_reserve {
	spinlock_t lock;
	u32 start;
	u32 fill;
	bool closed;
	u8 bytes[QRNG_RESERVE_SIZE];
};

void qrng_reserve_init(struct qrng_reserve *reserve);
size_t qrng_reserve_put(struct qrng_reserve *reserve, const u8 *from, size_t len);
size_t qrng_reserve_take(struct qrng_reserve *reserve, u8 *to, size_t len, u32 keep);
void qrng_reserve_drop(struct qrng_reserve *reserve);
void qrng_reserve_close(struct qrng_reserve *reserve);
void qrng_reserve_open(struct qrng_reserve *reserve);

static inline u32 qrng_reserve_fill(const struct qrng_reserve *reserve)
{
	return READ_ONCE(reserve->fill);
}

static inline bool qrng_reserve_closed(const struct qrng_reserve *reserve)
{
	return READ_ONCE(reserve->closed);
}

#endif /* _QRNG_RESERVE_H */
