/* SPDX-License-Identifier: MIT */
/* What LoKey's clients send as bodies, read as LoKey reads it: what is not known is ignored. */
#ifndef QRNGD_LOKEY_REQUEST_H
#define QRNGD_LOKEY_REQUEST_H

#include <jansson.h>

#include "lokey/queue.h"
#include "router.h"

/* The longest body; the library refuses what is longer. */
#define QRNGD_LOKEY_BODY_MAX 65536

/** struct qrngd_seed - one that was sent, with the request it came with */
struct qrngd_seed {
	uint8_t *bytes;
	size_t len;
};

/** struct qrngd_seeds - all of a request; wiped with it */
struct qrngd_seeds {
	struct qrngd_seed *items;
	size_t count;
};

/**
 * qrngd_lokey_body() - read the request's body
 * @call: the request; this is its answer, 400, if that is no JSON object
 * @error: what LoKey's service says then
 *
 * Return: the object, to be given back with json_decref(), or NULL.
 */
json_t *qrngd_lokey_body(struct qrngd_call *call, const char *error);

/**
 * qrngd_lokey_refuse() - 400 because of a member of the body
 * @call: the request; this is its answer
 * @error: what is wrong, a clause for people
 */
void qrngd_lokey_refuse(struct qrngd_call *call, const char *error);

/**
 * qrngd_lokey_integer() - a number out of a body
 * @call: the request; this is its answer, 400, if the member is there and won't do
 * @body: from qrngd_lokey_body()
 * @name: the member's
 * @min: the least
 * @max: the most
 * @value: filled in if the member is there
 */
bool qrngd_lokey_integer(struct qrngd_call *call, const json_t *body, const char *name,
			 json_int_t min, json_int_t max, json_int_t *value);

/**
 * qrngd_lokey_seed() - a seed out of a string
 * @call: the request, with which the seed is wiped
 * @text: hexadecimal, in either case
 * @seed: filled in
 *
 * Return: NULL, or what is wrong with it, a sentence for people in the request's pool.
 */
const char *qrngd_lokey_seed(struct qrngd_call *call, const json_t *text, struct qrngd_seed *seed);

/**
 * qrngd_lokey_seeds() - the seeds of a body {"seeds": ["HEX", ...]}
 * @call: the request; this is its answer, 400, if there is none, or one that is no seed
 * @error: what LoKey's service says to what is no such body
 * @seeds: filled in
 */
bool qrngd_lokey_seeds(struct qrngd_call *call, const char *error, struct qrngd_seeds *seeds);

/**
 * qrngd_lokey_feed() - put seeds into Fortuna's pools, and reseed
 * @call: their request
 * @seeds: from qrngd_lokey_seeds()
 *
 * Return: as qrngd_fortuna_reseed(): at -EAGAIN they are in the pools all the same.
 */
int qrngd_lokey_feed(struct qrngd_call *call, const struct qrngd_seeds *seeds);

/**
 * qrngd_lokey_resize() - have a queue hold another number of items
 * @call: the request; this is its answer, 503, if there is no memory
 * @kind: which queue
 * @items: how many
 */
bool qrngd_lokey_resize(struct qrngd_call *call, enum qrngd_queue_kind kind, json_int_t items);

#endif /* QRNGD_LOKEY_REQUEST_H */
