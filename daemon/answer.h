/* SPDX-License-Identifier: MIT */
/* What all answers have in common: where they come from, and how they are sent. */
#ifndef QRNGD_ANSWER_H
#define QRNGD_ANSWER_H

#include "json.h"
#include "router.h"

/**
 * struct qrngd_header - a name that answers have and the library does not know by a token
 *	of its own: one static object each
 * @name: in lower case; the library keeps a pointer to it
 * @proper: as people write it
 */
struct qrngd_header {
	h2o_iovec_t name;
	const char *proper;
};

#define QRNGD_HEADER(lower, proper)                                                                \
	{                                                                                          \
		{ (char *)(lower), sizeof(lower) - 1 }, (proper)                                   \
	}

/**
 * qrngd_answer_reserve() - make room for the headers of an answer
 * @req: a request without any yet
 *
 * The library would get it piece by piece, and the last from the C library.
 */
void qrngd_answer_reserve(h2o_req_t *req);

/**
 * qrngd_answer_header() - add a header
 * @call: the request, before its answer has been sent
 * @header: its name
 * @value: of static storage, or in the request's pool
 * @len: bytes of @value
 */
void qrngd_answer_header(struct qrngd_call *call, struct qrngd_header *header, const char *value,
			 size_t len);

/** qrngd_answer_header_number() - the same with a number as the value */
void qrngd_answer_header_number(struct qrngd_call *call, struct qrngd_header *header,
				uint64_t value);

/**
 * qrngd_answer_begin() - set the headers that every answer has
 * @call: the request
 * @type: the content type, of static storage
 * @len: bytes of the body
 *
 * The status is 200 unless it was set before.
 */
void qrngd_answer_begin(struct qrngd_call *call, const char *type, size_t len);

/**
 * qrngd_answer_sources() - the names of all noise sources
 * @call: the request
 *
 * Return: a list with commas, in the request's pool.
 */
h2o_iovec_t qrngd_answer_sources(struct qrngd_call *call);

/**
 * qrngd_answer_provenance() - say where an answer comes from, inside a JSON document
 * @call: the request
 * @json: open for members
 *
 * The same that qrngd_answer_begin() says in headers.
 */
void qrngd_answer_provenance(struct qrngd_call *call, struct qrngd_json *json);

/**
 * qrngd_answer_whole() - send a body that is complete
 * @call: the request, after qrngd_answer_begin()
 * @body: in the request's pool; left out when only the headers are wanted
 * @len: bytes
 */
void qrngd_answer_whole(struct qrngd_call *call, const void *body, size_t len);

/**
 * qrngd_answer_json() - send a JSON document; all in one
 * @call: the request
 * @type: the content type, of static storage
 * @json: the document, in the request's pool
 */
void qrngd_answer_json(struct qrngd_call *call, const char *type, const struct qrngd_json *json);

/**
 * qrngd_answer_text() - send a text that the C library has the memory of; all in one
 * @call: the request
 * @type: the content type, of static storage
 * @text: taken over; NULL, when there was no memory for it, makes the answer a 503
 * @len: bytes of @text
 */
void qrngd_answer_text(struct qrngd_call *call, const char *type, char *text, size_t len);

/**
 * qrngd_answer_retry_after() - tell when to ask again
 * @call: the request, before its answer begins
 * @seconds: not before
 */
void qrngd_answer_retry_after(struct qrngd_call *call, uint64_t seconds);

#endif /* QRNGD_ANSWER_H */
