/* SPDX-License-Identifier: MIT */
/*
 * Answers whose bytes are made as the client takes them: one buffer each, however long
 * they are.
 */
#ifndef QRNGD_BODY_H
#define QRNGD_BODY_H

#include "router.h"

/* The length is only known when the body is complete. */
#define QRNGD_LENGTH_UNKNOWN UINT64_MAX

/**
 * struct qrngd_body - a body under way; the first member of what its maker needs
 * @generator: how the library asks for more
 * @worker: where random bytes come from
 * @payer: who pays for what is sent
 * @chunk: the buffer, wiped after the last use
 * @piece: a short answer as a whole, in the request's pool; wiped with the body, or NULL
 * @piece_len: bytes of @piece
 * @make: write at most @size bytes to @to, at least one unless that is the end; sets
 *	@end with the last of them. May draw from @worker's supply, which is ready then.
 *	Called with the whole length at once when that is known and small
 * @dispose: frees what the maker holds, or NULL; wiping the maker itself is done here
 * @size: of what the maker needs
 * @broken: the maker cannot go on; what was sent is not all, and the client shall see it
 */
struct qrngd_body {
	h2o_generator_t generator;
	struct qrngd_worker *worker;
	struct qrngd_payer payer;
	struct qrngd_chunk *chunk;
	uint8_t *piece;
	size_t piece_len;
	size_t (*make)(struct qrngd_body *body, uint8_t *to, size_t size, bool *end);
	void (*dispose)(struct qrngd_body *body);
	size_t size;
	bool broken;
};

/**
 * qrngd_body_new() - make a body that lives as long as its request
 * @call: the request
 * @size: bytes of the struct that begins with the body; zeroed
 * @make: see struct qrngd_body
 */
void *qrngd_body_new(struct qrngd_call *call, size_t size,
		     size_t (*make)(struct qrngd_body *body, uint8_t *to, size_t size, bool *end));

/**
 * qrngd_body_possible() - can a request be answered with a body of this length?
 * @call: the request; this is its answer, a problem, if not
 * @len: bytes, or %QRNGD_LENGTH_UNKNOWN
 *
 * For those to whom making the body costs something; qrngd_body_send() asks by itself.
 */
bool qrngd_body_possible(struct qrngd_call *call, uint64_t len);

/**
 * qrngd_body_send() - answer with a body
 * @call: the request; this is its answer, or a problem when bytes cannot be had
 * @body: from qrngd_body_new()
 * @type: content type, of static storage
 * @len: bytes, or %QRNGD_LENGTH_UNKNOWN
 *
 * A source that is lost on the way breaks the transfer: the client has to see that it
 * did not get all.
 */
void qrngd_body_send(struct qrngd_call *call, struct qrngd_body *body, const char *type,
		     uint64_t len);

#endif /* QRNGD_BODY_H */
