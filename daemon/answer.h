/* SPDX-License-Identifier: MIT */
/* What all answers have in common: where they come from, and how they are sent. */
#ifndef QRNGD_ANSWER_H
#define QRNGD_ANSWER_H

#include "json.h"
#include "router.h"

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
 * qrngd_answer_retry_after() - tell when to ask again
 * @call: the request, before its answer begins
 * @seconds: not before
 */
void qrngd_answer_retry_after(struct qrngd_call *call, uint64_t seconds);

#endif /* QRNGD_ANSWER_H */
