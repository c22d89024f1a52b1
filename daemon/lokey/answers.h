/* SPDX-License-Identifier: MIT */
/* What several of LoKey's services answer alike. */
#ifndef QRNGD_LOKEY_ANSWERS_H
#define QRNGD_LOKEY_ANSWERS_H

#include "body.h"
#include "json.h"
#include "lokey.h"

/* Room for an answer of a few members. */
#define QRNGD_LOKEY_ANSWER_MAX 4096

/**
 * qrngd_lokey_begin() - begin a JSON object
 * @call: the request
 * @size: the most bytes of it
 *
 * Return: the document, open for members, in the request's pool.
 */
struct qrngd_json qrngd_lokey_begin(struct qrngd_call *call, size_t size);

/** qrngd_lokey_finish() - end the object and send it */
void qrngd_lokey_finish(struct qrngd_call *call, struct qrngd_json *json);

/**
 * qrngd_lokey_time() - a member that is a time, as of RFC 3339
 * @json: the document
 * @name: the member's
 * @ms: since 1970
 */
void qrngd_lokey_time(struct qrngd_json *json, const char *name, int64_t ms);

/**
 * qrngd_lokey_health() - answer for a service's health
 * @call: the request
 * @healthy: whether it is; if not, the answer is 503
 * @part: the name of what is meant, in the details of a service that is not
 */
void qrngd_lokey_health(struct qrngd_call *call, bool healthy, const char *part);

/**
 * qrngd_lokey_hex() - answer {"data":"<hex>","size":N}
 * @call: the request, whose worker's tap is ready
 * @size: bytes to be drawn
 */
void qrngd_lokey_hex(struct qrngd_call *call, uint64_t size);

#endif /* QRNGD_LOKEY_ANSWERS_H */
