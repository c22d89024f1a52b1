// SPDX-License-Identifier: MIT
#include "stock.h"

#include <string.h>

#include "host.h"

/* Twice what a request waits. */
#define AGE_MAX_MS 2000

size_t qrngd_stock_room(const struct qrngd_stock *stock)
{
	return sizeof(stock->bytes) - stock->len;
}

static void expire(struct qrngd_stock *stock, uint64_t now)
{
	if (stock->len && now - stock->since_ms >= AGE_MAX_MS)
		qrngd_stock_wipe(stock);
}

void qrngd_stock_put(struct qrngd_stock *stock, const uint8_t *bytes, size_t len, uint64_t now)
{
	expire(stock, now);
	if (!stock->len)
		stock->since_ms = now;
	if (len > qrngd_stock_room(stock))
		len = qrngd_stock_room(stock);
	if (len > sizeof(stock->bytes) - stock->at - stock->len) {
		memmove(stock->bytes, stock->bytes + stock->at, stock->len);
		stock->at = 0;
	}
	memcpy(stock->bytes + stock->at + stock->len, bytes, len);
	stock->len += len;
}

bool qrngd_stock_take(struct qrngd_stock *stock, uint8_t *to, size_t len, uint64_t now)
{
	expire(stock, now);
	if (stock->len < len)
		return false;
	memcpy(to, stock->bytes + stock->at, len);
	stock->at += len;
	stock->len -= len;
	/* What was moved down may have left copies behind, so all of it goes at the end. */
	if (!stock->len)
		qrngd_stock_wipe(stock);
	else
		qrng_wipe(stock->bytes + stock->at - len, len);
	return true;
}

void qrngd_stock_wipe(struct qrngd_stock *stock)
{
	qrng_wipe(stock->bytes, sizeof(stock->bytes));
	stock->at = 0;
	stock->len = 0;
}
