// SPDX-License-Identifier: GPL-2.0-only
#include <linux/minmax.h>
#include <linux/string.h>

#include "reserve.h"

/**
 * qrng_reserve_init() - make an empty reserve
 * @reserve: zeroed memory
 */
void qrng_reserve_init(struct qrng_reserve *reserve)
{
	spin_lock_init(&reserve->lock);
}

/* The bytes from @at on that lie in one piece before the ring wraps. */
static size_t straight(u32 at, size_t len)
{
	return min_t(size_t, len, QRNG_RESERVE_SIZE - at);
}

/**
 * qrng_reserve_put() - add tested noise
 * @reserve: the reserve
 * @from: the bytes; the caller wipes them
 * @len: how many
 *
 * Context: process context, does not sleep.
 * Return: bytes there was room for, the first ones of @from; 0 if it is closed.
 */
size_t qrng_reserve_put(struct qrng_reserve *reserve, const u8 *from, size_t len)
{
	size_t piece;
	u32 at;

	spin_lock(&reserve->lock);
	len = reserve->closed ? 0 : min_t(size_t, len, QRNG_RESERVE_SIZE - reserve->fill);
	at = (reserve->start + reserve->fill) % QRNG_RESERVE_SIZE;
	piece = straight(at, len);
	memcpy(reserve->bytes + at, from, piece);
	memcpy(reserve->bytes, from + piece, len - piece);
	WRITE_ONCE(reserve->fill, reserve->fill + len);
	spin_unlock(&reserve->lock);
	return len;
}

static void take_piece(struct qrng_reserve *reserve, u8 *to, size_t len)
{
	memcpy(to, reserve->bytes + reserve->start, len);
	memzero_explicit(reserve->bytes + reserve->start, len);
	reserve->start = (reserve->start + len) % QRNG_RESERVE_SIZE;
	WRITE_ONCE(reserve->fill, reserve->fill - len);
}

/**
 * qrng_reserve_take() - hand noise to a consumer, each byte once
 * @reserve: the reserve
 * @to: where the bytes go
 * @len: how many are wanted
 * @keep: how many have to stay
 *
 * Context: process context, does not sleep.
 * Return: bytes written to @to, the oldest first; 0 when there are none to give.
 */
size_t qrng_reserve_take(struct qrng_reserve *reserve, u8 *to, size_t len, u32 keep)
{
	size_t piece;

	spin_lock(&reserve->lock);
	len = min_t(size_t, len, reserve->fill - min(reserve->fill, keep));
	piece = straight(reserve->start, len);
	take_piece(reserve, to, piece);
	take_piece(reserve, to + piece, len - piece);
	spin_unlock(&reserve->lock);
	return len;
}

static void drop(struct qrng_reserve *reserve)
{
	memzero_explicit(reserve->bytes, sizeof(reserve->bytes));
	reserve->start = 0;
	WRITE_ONCE(reserve->fill, 0);
}

/**
 * qrng_reserve_drop() - wipe all that is held
 * @reserve: the reserve
 */
void qrng_reserve_drop(struct qrng_reserve *reserve)
{
	spin_lock(&reserve->lock);
	drop(reserve);
	spin_unlock(&reserve->lock);
}

/**
 * qrng_reserve_close() - wipe all that is held, and take nothing until it is opened again
 * @reserve: the reserve
 *
 * What was read before this, but is still on its way here, does not get in any more.
 */
void qrng_reserve_close(struct qrng_reserve *reserve)
{
	spin_lock(&reserve->lock);
	WRITE_ONCE(reserve->closed, true);
	drop(reserve);
	spin_unlock(&reserve->lock);
}

/**
 * qrng_reserve_open() - take bytes again
 * @reserve: the reserve, closed or not; it is empty then
 */
void qrng_reserve_open(struct qrng_reserve *reserve)
{
	spin_lock(&reserve->lock);
	drop(reserve);
	WRITE_ONCE(reserve->closed, false);
	spin_unlock(&reserve->lock);
}
