// SPDX-License-Identifier: MIT
#include "body.h"

#include <string.h>

#include "answer.h"
#include "problem.h"
#include "statement.h"
#include "toll.h"

/* Up to here one piece of just that size is cheaper than a buffer. */
#define PIECE_MAX ((size_t)64 * 1024)

/* The pool disposes of what is shared first, so the piece is still there. */
static void dispose_body(void *data)
{
	struct qrngd_body *body = data;

	if (body->piece)
		qrng_wipe(body->piece, body->piece_len);
	qrngd_chunk_put(&body->worker->chunks, body->chunk);
	if (body->dispose)
		body->dispose(body);
	qrng_wipe(body, body->size);
}

void *qrngd_body_new(struct qrngd_call *call, size_t size,
		     size_t (*make)(struct qrngd_body *body, uint8_t *to, size_t size, bool *end))
{
	struct qrngd_body *body = h2o_mem_alloc_shared(&call->req->pool, size, dispose_body);

	memset(body, 0, size);
	body->worker = call->worker;
	body->payer = call->payer;
	body->make = make;
	body->size = size;
	return body;
}

static size_t fill_chunk(struct qrngd_body *body, bool *end)
{
	struct qrngd_chunk *chunk = body->chunk;
	size_t len = body->make(body, chunk->bytes, QRNGD_CHUNK_SIZE, end);

	if (len > chunk->used)
		chunk->used = len;
	return len;
}

/* The piece before this one has been written, so the buffer is free again. */
static void proceed(h2o_generator_t *generator, h2o_req_t *req)
{
	struct qrngd_body *body = H2O_STRUCT_FROM_MEMBER(struct qrngd_body, generator, generator);
	h2o_iovec_t part = { .base = (char *)body->chunk->bytes };
	bool end = false;

	if (!qrngd_supply_ready(&body->worker->supply)) {
		h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
		return;
	}
	part.len = fill_chunk(body, &end);
	if (body->broken || !qrngd_toll_more(&body->payer, part.len))
		h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
	else
		h2o_send(req, &part, 1, end ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

static void take_piece(struct qrngd_call *call, struct qrngd_body *body, size_t len)
{
	body->piece = qrngd_pool_alloc(&call->req->pool, len);
	body->piece_len = len;
}

static void send_piece(struct qrngd_call *call, struct qrngd_body *body, const char *type,
		       size_t len)
{
	bool end = false;

	if (!qrngd_toll_take(call, len))
		return;
	take_piece(call, body, len);
	/* What was not made must not leave: it is somebody else's memory. */
	if (body->make(body, body->piece, len, &end) != len) {
		qrngd_problem_send(call, 503, "the answer came out too short");
		return;
	}
	qrngd_answer_begin(call, type, len);
	qrngd_answer_whole(call, body->piece, len);
}

/* The first buffer is filled before the headers leave: it may be all there is. */
static void send_chunks(struct qrngd_call *call, struct qrngd_body *body, const char *type,
			uint64_t len)
{
	h2o_iovec_t part = { .base = (char *)body->chunk->bytes };
	bool end = false;

	part.len = fill_chunk(body, &end);
	if (body->broken) {
		qrngd_problem_send(call, 503, "out of memory");
		return;
	}
	if (!qrngd_toll_take(call, part.len))
		return;
	if (end)
		len = part.len;
	qrngd_answer_begin(call, type, len == QRNGD_LENGTH_UNKNOWN ? SIZE_MAX : len);
	body->generator.proceed = proceed;
	h2o_start_response(call->req, &body->generator);
	h2o_send(call->req, &part, 1, end ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

/*
 * What is signed has to be there before its head leaves. Bodies of a known length are
 * made at once; of others it shows on the way whether they are too long.
 */
static size_t make_whole(struct qrngd_body *body, uint8_t *to, bool *end)
{
	size_t len = 0;

	while (!*end && !body->broken && len < QRNGD_SIGNED_MAX)
		len += body->make(body, to + len, QRNGD_CHUNK_SIZE, end);
	return len;
}

static void refuse_long(struct qrngd_call *call)
{
	qrngd_problem_value(call, "signed", "goes with shorter answers only",
			    "an answer of at most 131072 bytes");
}

static void send_signed(struct qrngd_call *call, struct qrngd_body *body, const char *type)
{
	bool end = false;
	size_t len;

	take_piece(call, body, QRNGD_SIGNED_MAX + QRNGD_CHUNK_SIZE);
	len = make_whole(body, body->piece, &end);
	body->piece_len = len;
	if (body->broken)
		qrngd_problem_send(call, 503, "out of memory");
	else if (!end || len > QRNGD_SIGNED_MAX)
		refuse_long(call);
	else if (qrngd_toll_take(call, len) &&
		 qrngd_statement_add(call, body->piece, len) == 0) {
		qrngd_answer_begin(call, type, len);
		qrngd_answer_whole(call, body->piece, len);
	}
}

static void send_head(struct qrngd_call *call, const char *type, uint64_t len)
{
	qrngd_answer_begin(call, type, len == QRNGD_LENGTH_UNKNOWN ? SIZE_MAX : len);
	qrngd_answer_whole(call, NULL, 0);
}

bool qrngd_body_possible(struct qrngd_call *call, uint64_t len)
{
	if (!call->ready) {
		qrngd_problem_unavailable(call);
		return false;
	}
	if (!call->head && qrngd_statement_wanted(call) && len != QRNGD_LENGTH_UNKNOWN &&
	    len > QRNGD_SIGNED_MAX) {
		refuse_long(call);
		return false;
	}
	return len == QRNGD_LENGTH_UNKNOWN || qrngd_toll_possible(call, len);
}

void qrngd_body_send(struct qrngd_call *call, struct qrngd_body *body, const char *type,
		     uint64_t len)
{
	if (!qrngd_body_possible(call, len))
		return;
	h2o_add_header(&call->req->pool, &call->req->res.headers, H2O_TOKEN_ACCEPT_RANGES, NULL,
		       H2O_STRLIT("none"));
	if (call->head) {
		send_head(call, type, len);
		return;
	}
	if (qrngd_statement_wanted(call)) {
		send_signed(call, body, type);
		return;
	}
	if (len <= PIECE_MAX) {
		send_piece(call, body, type, len);
		return;
	}
	body->chunk = qrngd_chunk_get(&call->worker->chunks);
	if (body->chunk)
		send_chunks(call, body, type, len);
	else
		qrngd_problem_send(call, 503, "out of memory");
}
