/* SPDX-License-Identifier: MIT */
/* What several of LoKey's services answer alike. */
#ifndef QRNGD_LOKEY_ANSWERS_H
#define QRNGD_LOKEY_ANSWERS_H

#include "body.h"
#include "json.h"
#include "lokey.h"
#include "queue.h"

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

/** qrngd_lokey_now() - the same of this moment */
void qrngd_lokey_now(struct qrngd_json *json, const char *name);

/**
 * qrngd_lokey_values() - a member "data" with values of 32 bytes in hexadecimal
 * @json: the document, in memory that will be wiped
 * @bytes: of the values
 * @count: how many; one is a string, several are an array
 */
void qrngd_lokey_values(struct qrngd_json *json, const uint8_t *bytes, size_t count);

/**
 * qrngd_lokey_values_wanted() - are values to be fetched?
 * @call: the request; this is its answer if only the headers are wanted, or if its payer has
 *	no more so many bits
 * @count: values
 */
bool qrngd_lokey_values_wanted(struct qrngd_call *call, size_t count);

/** qrngd_lokey_values_send() - end an object that has values, charge for it, and send it */
void qrngd_lokey_values_send(struct qrngd_call *call, struct qrngd_json *json);

/* Bytes of such a value, and room for a document of so many of them with little else. */
#define QRNGD_LOKEY_VALUE	      32
#define QRNGD_LOKEY_VALUES_MAX(count) ((count) * (size_t)(2 * QRNGD_LOKEY_VALUE + 3) + 2048)

/**
 * qrngd_lokey_health() - answer for a service's health
 * @call: the request
 * @healthy: whether it is; if not, the answer is 503
 * @part: the name of what is meant, in the details of a service that is not
 */
void qrngd_lokey_health(struct qrngd_call *call, bool healthy, const char *part);

/**
 * qrngd_lokey_secret() - memory for random bytes
 * @call: the request, with which it is wiped
 * @len: bytes
 */
uint8_t *qrngd_lokey_secret(struct qrngd_call *call, size_t len);

/**
 * qrngd_lokey_take() - take bytes from a queue
 * @call: the request; this is its answer if there are not so many: 404, or 503 that says
 *	what there is
 * @queue: which
 * @skip: items that are passed over
 * @to: where they go
 * @len: how many
 */
bool qrngd_lokey_take(struct qrngd_call *call, enum qrngd_queue_kind queue, uint32_t skip,
		      uint8_t *to, size_t len);

/**
 * qrngd_lokey_hex() - answer {"data":"<hex>","size":N}
 * @call: the request, whose worker's tap is ready
 * @size: bytes to be drawn
 */
void qrngd_lokey_hex(struct qrngd_call *call, uint64_t size);

#endif /* QRNGD_LOKEY_ANSWERS_H */
