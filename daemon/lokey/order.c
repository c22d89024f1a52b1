// SPDX-License-Identifier: MIT
#include "order.h"

#include <string.h>

#include "request.h"
#include "worker.h"

#define LIMIT_MAX 100000

static const char bad_body[] = "Invalid request body";

/* Return: NULL, or what is wrong. */
static const char *read_format(const json_t *body, struct qrngd_order *order)
{
	const char *name = json_string_value(json_object_get(body, "format"));

	order->format = name ? qrngd_format_find(name) : NULL;
	return order->format ? NULL
			     : "format has to be one of int8, uint8, int16, uint16, int32, "
			       "uint32, int64, uint64, binary";
}

static const char *read_source(const json_t *body, struct qrngd_order *order)
{
	const json_t *member = json_object_get(body, "source");
	const char *name = json_string_value(member);

	order->source = QRNGD_QUEUE_TRNG;
	if (!member || (name && strcmp(name, "trng") == 0))
		return NULL;
	order->source = QRNGD_QUEUE_FORTUNA;
	return name && strcmp(name, "fortuna") == 0 ? NULL
						    : "source has to be one of trng, fortuna; "
						      "virtual machines are fed by the VirtIO "
						      "service";
}

static bool read_numbers(struct qrngd_call *call, const json_t *body, struct qrngd_order *order)
{
	json_int_t limit = 1, offset = 0;

	if (!qrngd_lokey_integer(call, body, "limit", 1, LIMIT_MAX, &limit) ||
	    !qrngd_lokey_integer(call, body, "offset", 0, QRNGD_QUEUE_ITEMS_MAX, &offset))
		return false;
	order->limit = (uint32_t)limit;
	order->offset = (uint32_t)offset;
	return true;
}

/* What older clients send besides, such as chunk_size, is ignored. */
static bool read_members(struct qrngd_call *call, const json_t *body, struct qrngd_order *order)
{
	const char *fault = read_format(body, order);

	if (!fault)
		fault = read_source(body, order);
	if (fault) {
		qrngd_lokey_refuse(call, fault);
		return false;
	}
	return read_numbers(call, body, order);
}

static bool read_body(struct qrngd_call *call, struct qrngd_order *order)
{
	json_t *body = qrngd_lokey_body(call, bad_body);
	bool good = body && read_members(call, body, order);

	json_decref(body);
	return good;
}

/* Return: what the same text was before, or NULL. */
static const struct qrngd_order *recall(const struct qrngd_orders *orders, h2o_iovec_t text)
{
	unsigned int i;

	for (i = 0; i < QRNGD_ORDERS_KEPT; i++) {
		const struct qrngd_remembered *kept = &orders->kept[i];

		if (kept->len && h2o_memis(kept->text, kept->len, text.base, text.len))
			return &kept->order;
	}
	return NULL;
}

static void remember(struct qrngd_orders *orders, h2o_iovec_t text,
		     const struct qrngd_order *order)
{
	struct qrngd_remembered *kept = &orders->kept[orders->next];

	if (text.len > sizeof(kept->text))
		return;
	kept->order = *order;
	kept->len = text.len;
	memcpy(kept->text, text.base, text.len);
	orders->next = (orders->next + 1) % QRNGD_ORDERS_KEPT;
}

/* Clients that come for more say the same again, and to read JSON costs as much as all else. */
bool qrngd_order_read(struct qrngd_call *call, struct qrngd_order *order)
{
	struct qrngd_orders *orders = &call->worker->orders;
	h2o_iovec_t text = call->req->entity;
	const struct qrngd_order *known = recall(orders, text);

	if (known) {
		*order = *known;
		return true;
	}
	if (!read_body(call, order))
		return false;
	remember(orders, text, order);
	return true;
}
