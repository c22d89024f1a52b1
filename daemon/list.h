/* SPDX-License-Identifier: MIT */
/* Answers that are a list of values: a JSON array with its provenance, or lines of text. */
#ifndef QRNGD_LIST_H
#define QRNGD_LIST_H

#include "body.h"
#include "draw.h"
#include "json.h"

/* The most that one value may take, its quotes included. */
#define QRNGD_ITEM_MAX 8192

/**
 * struct qrngd_list - a list under way; the first member of what its maker needs
 * @body: how it is sent
 * @draw: where numbers come from
 * @json: a JSON document, else lines of text
 * @quoted: values are JSON strings
 * @count: values that are still to be made
 * @first: the next one is the first
 * @head: what stands before the values
 * @item_max: the most characters of a value, without quotes
 * @item: write a value to @to, without quotes; nothing in it needs escaping. Return
 *	how many characters that took
 */
struct qrngd_list {
	struct qrngd_body body;
	struct qrngd_draw draw;
	bool json;
	bool quoted;
	uint64_t count;
	bool first;
	h2o_iovec_t head;
	size_t item_max;
	size_t (*item)(struct qrngd_list *list, char *to);
};

/* The format of every list; what a route's table names it by. */
enum qrngd_list_format { QRNGD_LIST_JSON, QRNGD_LIST_TEXT };
extern const char *const qrngd_list_formats[];
#define QRNGD_PARAM_LIST_FORMAT                                                                    \
	QRNGD_PARAM_WORD("format", qrngd_list_formats, QRNGD_LIST_JSON,                            \
			 "a JSON document, or text with a value on each line")

/**
 * qrngd_list_new() - begin a list
 * @call: the request
 * @size: bytes of the struct that begins with the list; zeroed
 * @item: see struct qrngd_list
 * @item_max: the same
 */
void *qrngd_list_new(struct qrngd_call *call, size_t size,
		     size_t (*item)(struct qrngd_list *list, char *to), size_t item_max);

/**
 * qrngd_list_send() - answer with a list
 * @call: the request; this is its answer
 * @list: from qrngd_list_new()
 * @format: JSON or text
 * @count: how many values
 * @notes: members that the JSON document has beside the values, e.g. "entropy_bits"; it
 *	was begun with qrngd_list_notes(), or is NULL
 */
void qrngd_list_send(struct qrngd_call *call, struct qrngd_list *list,
		     enum qrngd_list_format format, uint64_t count, struct qrngd_json *notes);

/**
 * qrngd_list_notes() - begin the members beside the values
 * @call: the request
 *
 * Return: a document that is open for members.
 */
struct qrngd_json qrngd_list_notes(struct qrngd_call *call);

#endif /* QRNGD_LIST_H */
