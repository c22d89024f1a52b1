// SPDX-License-Identifier: MIT
#include "api.h"

#include "answer.h"
#include "problem.h"

/* Up to here one piece is cheaper than a stream of them. */
#define WHOLE_MAX ((size_t)64 * 1024)

/** struct piece - a short answer, wiped when it has been sent */
struct piece {
	size_t len;
	uint8_t bytes[];
};

static void dispose_piece(void *data)
{
	struct piece *piece = data;

	qrng_wipe(piece->bytes, piece->len);
}

static void send_piece(struct qrngd_call *call, size_t len)
{
	struct piece *piece =
		h2o_mem_alloc_shared(&call->req->pool, sizeof(*piece) + len, dispose_piece);

	piece->len = len;
	qrngd_supply_draw(&call->worker->supply, piece->bytes, len);
	qrngd_answer_whole(call, piece->bytes, len);
}

/** struct stream - a long answer, made as the client takes it */
struct stream {
	h2o_generator_t generator;
	struct qrngd_worker *worker;
	struct qrngd_chunk *chunk;
	uint64_t left; /* bytes to be made */
};

static void dispose_stream(void *data)
{
	struct stream *stream = data;

	qrngd_chunk_put(&stream->worker->chunks, stream->chunk);
}

/*
 * The chunk before this one has been written. With the engine lost there must be no
 * more bytes and no proper end: the client has to see that it did not get all.
 */
static void stream_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
	struct stream *stream = H2O_STRUCT_FROM_MEMBER(struct stream, generator, generator);
	size_t len = stream->left < QRNGD_CHUNK_SIZE ? stream->left : QRNGD_CHUNK_SIZE;
	h2o_iovec_t part = h2o_iovec_init(stream->chunk->bytes, len);

	if (!qrngd_supply_ready(&stream->worker->supply)) {
		h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
		return;
	}
	qrngd_supply_draw(&stream->worker->supply, stream->chunk->bytes, len);
	stream->left -= len;
	h2o_send(req, &part, 1, stream->left ? H2O_SEND_STATE_IN_PROGRESS : H2O_SEND_STATE_FINAL);
}

static void send_stream(struct qrngd_call *call, uint64_t len, struct qrngd_chunk *chunk)
{
	struct stream *stream =
		h2o_mem_alloc_shared(&call->req->pool, sizeof(*stream), dispose_stream);

	*stream = (struct stream){
		.generator = { .proceed = stream_proceed },
		.worker = call->worker,
		.chunk = chunk,
		.left = len,
	};
	h2o_start_response(call->req, &stream->generator);
	stream_proceed(&stream->generator, call->req);
}

void qrngd_api_random(struct qrngd_call *call)
{
	uint64_t len = call->values[0];
	struct qrngd_chunk *chunk = NULL;

	if (!call->ready) {
		qrngd_problem_unavailable(call);
		return;
	}
	if (len > WHOLE_MAX && !call->head) {
		chunk = qrngd_chunk_get(&call->worker->chunks);
		if (!chunk) {
			qrngd_problem_send(call, 503, "out of memory");
			return;
		}
	}
	h2o_add_header(&call->req->pool, &call->req->res.headers, H2O_TOKEN_ACCEPT_RANGES, NULL,
		       H2O_STRLIT("none"));
	qrngd_answer_begin(call, "application/octet-stream", len);
	if (call->head)
		qrngd_answer_whole(call, NULL, 0);
	else if (chunk)
		send_stream(call, len, chunk);
	else
		send_piece(call, len);
}
