// SPDX-License-Identifier: MIT
#include "list.h"

#include <string.h>

#include "answer.h"

const char *const qrngd_list_formats[] = { "json", "text", NULL };

/* Provenance with the names of all sources, and some notes. */
#define HEAD_MAX 8192

static size_t put(char *to, const char *text, size_t len)
{
	memcpy(to, text, len);
	return len;
}

/* A value with what is around it; at most item_max + 3 characters. */
static size_t put_item(struct qrngd_list *list, char *to)
{
	char *start = to;

	if (list->json && !list->first)
		*to++ = ',';
	list->first = false;
	if (list->json && list->quoted)
		*to++ = '"';
	to += list->item(list, to);
	if (list->json && list->quoted)
		*to++ = '"';
	if (!list->json)
		*to++ = '\n';
	return (size_t)(to - start);
}

static size_t make(struct qrngd_body *body, uint8_t *bytes, size_t size, bool *end)
{
	struct qrngd_list *list = (struct qrngd_list *)body;
	char *to = (char *)bytes;
	size_t len = 0;

	if (list->head.len)
		len += put(to, list->head.base, list->head.len);
	list->head.len = 0;
	/* Room for the end is kept free: whoever writes the last value writes that, too. */
	for (; list->count && size - len > list->item_max + 8; list->count--)
		len += put_item(list, to + len);
	if (list->count)
		return len;
	*end = true;
	return list->json ? len + put(to + len, "]}\n", 3) : len;
}

void *qrngd_list_new(struct qrngd_call *call, size_t size,
		     size_t (*item)(struct qrngd_list *list, char *to), size_t item_max)
{
	struct qrngd_list *list = qrngd_body_new(call, size, make);

	list->draw.supply = &call->worker->supply;
	list->item = item;
	list->item_max = item_max;
	list->first = true;
	return list;
}

struct qrngd_json qrngd_list_notes(struct qrngd_call *call)
{
	struct qrngd_json json = { .size = HEAD_MAX };

	json.text = qrngd_pool_alloc(&call->req->pool, HEAD_MAX);
	qrngd_json_open(&json, NULL, '{');
	return json;
}

static h2o_iovec_t json_head(struct qrngd_call *call, struct qrngd_json *notes, uint64_t count)
{
	struct qrngd_json own = { 0 };

	if (!notes) {
		own = qrngd_list_notes(call);
		notes = &own;
	}
	qrngd_answer_provenance(call, notes);
	qrngd_json_number(notes, "count", count);
	qrngd_json_open(notes, "values", '[');
	return h2o_iovec_init(notes->text, notes->len);
}

void qrngd_list_send(struct qrngd_call *call, struct qrngd_list *list,
		     enum qrngd_list_format format, uint64_t count, struct qrngd_json *notes)
{
	list->json = format == QRNGD_LIST_JSON;
	list->count = count;
	if (list->json)
		list->head = json_head(call, notes, count);
	qrngd_body_send(call, &list->body,
			list->json ? "application/json" : "text/plain; charset=utf-8",
			QRNGD_LENGTH_UNKNOWN);
}
