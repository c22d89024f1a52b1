/* SPDX-License-Identifier: MIT */
/* What LoKey's clients order from a queue: {"format": "uint32", "limit": 10}. */
#ifndef QRNGD_LOKEY_ORDER_H
#define QRNGD_LOKEY_ORDER_H

#include "lokey/numbers.h"
#include "lokey/queue.h"

struct qrngd_call;

/* Most are half as long; of longer ones none is remembered. */
#define QRNGD_ORDER_TEXT 128

#define QRNGD_ORDERS_KEPT 4

/**
 * struct qrngd_order - one of them
 * @format: of the values
 * @source: the queue
 * @limit: how many values
 * @offset: items of the queue that are passed over
 */
struct qrngd_order {
	const struct qrngd_format *format;
	enum qrngd_queue_kind source;
	uint32_t limit;
	uint32_t offset;
};

/**
 * struct qrngd_remembered - a good one, with the text that it was
 * @order: what was read
 * @len: of @text; 0: nothing is here yet
 * @text: what was sent
 */
struct qrngd_remembered {
	struct qrngd_order order;
	size_t len;
	char text[QRNGD_ORDER_TEXT];
};

/**
 * struct qrngd_orders - the last good ones; a thread's own
 * @kept: in no order
 * @next: which of them the next one replaces
 */
struct qrngd_orders {
	struct qrngd_remembered kept[QRNGD_ORDERS_KEPT];
	unsigned int next;
};

/**
 * qrngd_order_read() - the order in the body of a request
 * @call: the request; this is its answer, 400, if that is none
 * @order: filled in
 */
bool qrngd_order_read(struct qrngd_call *call, struct qrngd_order *order);

#endif /* QRNGD_LOKEY_ORDER_H */
