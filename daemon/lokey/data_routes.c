// SPDX-License-Identifier: MIT
/* LoKey's API: bytes and numbers out of the queues. */
#include "lokey.h"

#include "answer.h"
#include "answers.h"
#include "bulk.h"
#include "order.h"
#include "problem.h"
#include "server.h"
#include "toll.h"

/** struct numbers - values on their way into an array */
struct numbers {
	struct qrngd_body body;
	const struct qrngd_format *format;
	const uint8_t *at;
	size_t left;
	char before;
};

static size_t make_numbers(struct qrngd_body *body, uint8_t *to, size_t size, bool *end)
{
	struct numbers *numbers = (struct numbers *)body;
	char *text = (char *)to;
	size_t len = 0;

	for (; numbers->left && size - len > QRNGD_NUMBER_MAX + 1; numbers->left--) {
		text[len++] = numbers->before;
		numbers->before = ',';
		len += qrngd_format_put(numbers->format, text + len, numbers->at);
		numbers->at += numbers->format->width;
	}
	if (!numbers->left && len < size) {
		text[len++] = ']';
		*end = true;
	}
	return len;
}

static void send_numbers(struct qrngd_call *call, const struct qrngd_order *order,
			 const uint8_t *bytes)
{
	struct numbers *numbers = qrngd_body_new(call, sizeof(*numbers), make_numbers);

	numbers->format = order->format;
	numbers->at = bytes;
	numbers->left = order->limit;
	numbers->before = '[';
	qrngd_body_send(call, &numbers->body, QRNGD_LOKEY_JSON, QRNGD_LENGTH_UNKNOWN);
}

static void send_bytes(struct qrngd_call *call, const uint8_t *bytes, size_t len)
{
	if (!qrngd_toll_take(call, len))
		return;
	h2o_add_header(&call->req->pool, &call->req->res.headers, H2O_TOKEN_CONTENT_DISPOSITION,
		       NULL, H2O_STRLIT("attachment; filename=random.bin"));
	qrngd_answer_begin(call, "application/octet-stream", len);
	qrngd_answer_whole(call, bytes, len);
}

/* Where bytes come from: noise of a source, or a generator whose seed is good. */
static bool has_source(struct qrngd_call *call, const struct qrngd_order *order)
{
	call->raw = order->source == QRNGD_QUEUE_TRNG;
	if (!call->raw) {
		call->ready = qrngd_tap_ready(&call->worker->tap);
		call->supply = &call->worker->tap.supply;
	}
	if (!call->ready)
		qrngd_problem_unavailable(call);
	return call->ready;
}

static void handle_data(struct qrngd_call *call)
{
	struct qrngd_order order;
	size_t len;
	uint8_t *bytes;

	if (!qrngd_order_read(call, &order) || !has_source(call, &order))
		return;
	len = (size_t)order.limit * order.format->width;
	if (!qrngd_bulk_begin(call, len) || !qrngd_toll_possible(call, len))
		return;
	bytes = qrngd_lokey_secret(call, len);
	if (!qrngd_lokey_take(call, order.source, order.offset, bytes, len))
		return;
	if (order.format->binary)
		send_bytes(call, bytes, len);
	else
		send_numbers(call, &order, bytes);
}

const struct qrngd_route qrngd_routes_lokey_data[] = {
	{
		.path = "/api/v1/data",
		.method = "POST",
		.body = "application/json",
		.group = "LoKey: API",
		.summary =
			"Numbers as a JSON array, or bytes, from a queue: {\"format\": \"uint32\", "
			"\"limit\": 10, \"offset\": 0, \"source\": \"fortuna\"}.",
		.type = "application/json, application/octet-stream",
		.handle = handle_data,
	},
	{ 0 },
};
