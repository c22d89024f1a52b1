// SPDX-License-Identifier: MIT
#include "virtio_stream.h"

#include <errno.h>
#include <string.h>

#include "answer.h"
#include "clock.h"
#include "flow.h"
#include "problem.h"
#include "server.h"
#include "toll.h"

/* Whole chunks are sent together up to here, which is what there is of noise at one time. */
#define PORTION_MAX QRNGD_RAW_MAX

/* How soon to look again when the queue's source has nothing yet, and when to give up. */
#define LOOK_MS	 10
#define GRACE_MS 10000

/**
 * struct stream - one under way; lives in its request's pool
 * @generator: how the library asks for more
 * @call: the request
 * @timer: until the next look
 * @chunk: bytes at a time
 * @left: until its end
 * @fed_ms: when there was something last
 * @pace: how much was sent, and how soon more may be
 * @part: the buffer; wiped when the next part goes into it, and at the end
 */
struct stream {
	h2o_generator_t generator;
	struct qrngd_call call;
	struct qrngd_timer timer;
	size_t chunk;
	uint64_t left;
	uint64_t fed_ms;
	struct qrngd_flow pace;
	struct qrngd_chunk *part;
};

_Static_assert(PORTION_MAX <= QRNGD_CHUNK_SIZE, "a portion fits into a buffer");

static void dispose(void *data)
{
	struct stream *stream = data;

	qrngd_timer_cancel(&stream->timer);
	qrngd_chunk_put(&stream->call.worker->chunks, stream->part);
}

static size_t wanted(const struct stream *stream)
{
	/* At a pace, chunks come one by one. */
	size_t most = stream->pace.rate ? stream->chunk
					: PORTION_MAX / stream->chunk * stream->chunk;

	return stream->left < most ? (size_t)stream->left : most;
}

/* All that is wanted, or a chunk of what there is. Return: bytes, or a negative errno. */
static ssize_t take(struct stream *stream)
{
	struct qrngd_queue *queue =
		&stream->call.worker->server->lokey->queues->queues[QRNGD_QUEUE_VIRTIO];
	size_t len = wanted(stream), there = 0;
	int err = qrngd_queue_take(queue, 0, stream->part->bytes, len, &there);

	if (err == -EAGAIN && there) {
		len = there < stream->chunk ? there : stream->chunk;
		err = qrngd_queue_take(queue, 0, stream->part->bytes, len, &there);
	}
	if (err)
		return err;
	if (stream->part->used < len)
		stream->part->used = len;
	stream->left -= len;
	stream->pace.sent += len;
	stream->fed_ms = qrngd_now_ms();
	return (ssize_t)len;
}

/* A stream without an end has one when the daemon stops. */
static h2o_send_state_t state_of(const struct stream *stream)
{
	return stream->left && !stream->call.worker->draining ? H2O_SEND_STATE_IN_PROGRESS
							      : H2O_SEND_STATE_FINAL;
}

static void send_part(struct stream *stream, size_t len)
{
	h2o_iovec_t part = h2o_iovec_init(stream->part->bytes, len);

	if (!qrngd_toll_more(&stream->call.payer, len))
		h2o_send(stream->call.req, NULL, 0, H2O_SEND_STATE_ERROR);
	else
		h2o_send(stream->call.req, &part, 1, state_of(stream));
}

/* Who waited too long, or for what will not come, sees the transfer break. */
static void go_on(struct stream *stream)
{
	ssize_t len = take(stream);
	uint64_t now = qrngd_now_ms();

	if (len > 0)
		send_part(stream, (size_t)len);
	else if (stream->call.worker->draining)
		h2o_send(stream->call.req, NULL, 0, H2O_SEND_STATE_FINAL);
	else if (len == -EAGAIN && now - stream->fed_ms < GRACE_MS)
		qrngd_timer_set(&stream->timer, now + LOOK_MS);
	else
		h2o_send(stream->call.req, NULL, 0, H2O_SEND_STATE_ERROR);
}

static void on_timer(struct qrngd_timer *timer)
{
	go_on(H2O_STRUCT_FROM_MEMBER(struct stream, timer, timer));
}

static void on_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
	struct stream *stream = H2O_STRUCT_FROM_MEMBER(struct stream, generator, generator);
	uint64_t due = qrngd_flow_due(&stream->pace);

	(void)req;
	if (due <= qrngd_now_ms())
		go_on(stream);
	else
		qrngd_timer_set(&stream->timer, due);
}

static void on_stop(h2o_generator_t *generator, h2o_req_t *req)
{
	(void)req;
	qrngd_timer_cancel(&H2O_STRUCT_FROM_MEMBER(struct stream, generator, generator)->timer);
}

static struct stream *stream_new(struct qrngd_call *call)
{
	struct stream *stream = h2o_mem_alloc_shared(&call->req->pool, sizeof(*stream), dispose);
	qrngd_integer most = call->values[1].integer;

	memset(stream, 0, sizeof(*stream));
	stream->generator.proceed = on_proceed;
	stream->generator.stop = on_stop;
	stream->call = *call;
	stream->chunk = (size_t)call->values[0].integer;
	stream->left = most ? (uint64_t)most : UINT64_MAX;
	stream->pace = (struct qrngd_flow){ .portion = stream->chunk, .begun_ms = qrngd_now_ms() };
	qrngd_flow_limit(&stream->pace, call, stream->chunk);
	stream->fed_ms = qrngd_now_ms();
	stream->part = qrngd_chunk_get(&call->worker->chunks);
	qrngd_timer_init(&stream->timer, &call->worker->timers, on_timer);
	return stream;
}

/* The first part is taken before the head leaves, so that there can be a 503 instead. */
static void begin(struct qrngd_call *call)
{
	struct stream *stream = stream_new(call);
	ssize_t len = stream->part ? take(stream) : -ENOMEM;

	if (len < 0 && len != -EAGAIN) {
		qrngd_problem_send(call, 503,
				   len == -ENOTSUP ? "there is no raw noise here, and virtual "
						     "machines are fed from nothing else"
						   : "nothing can be had now");
		return;
	}
	qrngd_answer_begin(call, "application/octet-stream", SIZE_MAX);
	h2o_start_response(call->req, &stream->generator);
	if (len > 0)
		send_part(stream, (size_t)len);
	else
		qrngd_timer_set(&stream->timer, qrngd_now_ms() + LOOK_MS);
}

void qrngd_virtio_stream(struct qrngd_call *call)
{
	if (!call->head) {
		begin(call);
		return;
	}
	qrngd_answer_begin(call, "application/octet-stream", SIZE_MAX);
	qrngd_answer_whole(call, NULL, 0);
}
