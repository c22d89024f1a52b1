// SPDX-License-Identifier: MIT
/* Bytes as they come: in chunks, and as server-sent events. */
#include "api.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "clock.h"
#include "flow.h"
#include "problem.h"
#include "timer.h"
#include "toll.h"
#include "websocket.h"

/* An event's portion in base64, its id and the words around them. */
#define EVENT_MAX(portion) (((portion) + 2) / 3 * 4 + 64)

/* So much of a portion as makes one event a second of 64 bytes each. */
#define EVENT_PORTION 64

/* Seconds between two portions. */
#define PAUSE_MAX 10

/**
 * struct stream - a stream under way
 * @generator: how the library asks for more
 * @req: the request
 * @worker: the thread's
 * @payer: who pays
 * @timer: until the next portion is due
 * @flow: what is to be sent
 * @events: as server-sent events
 * @size: bytes of @text
 * @text: the portion that is being sent
 */
struct stream {
	h2o_generator_t generator;
	h2o_req_t *req;
	struct qrngd_worker *worker;
	struct qrngd_payer payer;
	struct qrngd_timer timer;
	struct qrngd_flow flow;
	bool events;
	size_t size;
	char text[];
};

static void dispose_stream(void *data)
{
	struct stream *stream = data;

	qrngd_timer_cancel(&stream->timer);
	qrng_wipe(stream->text, stream->size);
}

static size_t fill_event(struct stream *stream, size_t len)
{
	uint8_t bytes[QRNGD_PORTION_MAX];
	size_t at;

	qrngd_supply_draw(&stream->worker->supply, bytes, len);
	at = (size_t)sprintf(stream->text,
			     "id: %llu\ndata: ", (unsigned long long)stream->flow.sent);
	at += h2o_base64_encode(stream->text + at, bytes, len, 0);
	qrng_wipe(bytes, len);
	memcpy(stream->text + at, "\n\n", 2);
	return at + 2;
}

static size_t fill_raw(struct stream *stream, size_t len)
{
	qrngd_supply_draw(&stream->worker->supply, (uint8_t *)stream->text, len);
	return len;
}

/* A stream that was promised no end has one when the daemon stops. */
static bool has_ended(const struct stream *stream)
{
	return !stream->flow.left || stream->worker->draining;
}

static void send_portion(struct stream *stream)
{
	h2o_iovec_t part = { .base = stream->text };
	size_t len;

	if (!qrngd_supply_ready(&stream->worker->supply)) {
		h2o_send(stream->req, NULL, 0, H2O_SEND_STATE_ERROR);
		return;
	}
	len = qrngd_flow_take(&stream->flow);
	part.len = stream->events ? fill_event(stream, len) : fill_raw(stream, len);
	if (!qrngd_toll_more(&stream->payer, part.len))
		h2o_send(stream->req, NULL, 0, H2O_SEND_STATE_ERROR);
	else
		h2o_send(stream->req, &part, 1,
			 has_ended(stream) ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

static void on_timer(struct qrngd_timer *timer)
{
	send_portion(H2O_STRUCT_FROM_MEMBER(struct stream, timer, timer));
}

/* The last portion has been written. */
static void on_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
	struct stream *stream = H2O_STRUCT_FROM_MEMBER(struct stream, generator, generator);
	uint64_t due = qrngd_flow_due(&stream->flow);

	(void)req;
	if (due <= qrngd_now_ms())
		send_portion(stream);
	else
		qrngd_timer_set(&stream->timer, due);
}

static void on_stop(h2o_generator_t *generator, h2o_req_t *req)
{
	(void)req;
	qrngd_timer_cancel(&H2O_STRUCT_FROM_MEMBER(struct stream, generator, generator)->timer);
}

static struct stream *stream_new(struct qrngd_call *call, bool events)
{
	size_t portion = (size_t)call->values[QRNGD_FLOW_PORTION].integer;
	size_t size = events ? EVENT_MAX(portion) : portion;
	struct stream *stream =
		h2o_mem_alloc_shared(&call->req->pool, sizeof(*stream) + size, dispose_stream);

	memset(stream, 0, sizeof(*stream) + size);
	stream->generator.proceed = on_proceed;
	stream->generator.stop = on_stop;
	stream->req = call->req;
	stream->worker = call->worker;
	stream->payer = call->payer;
	stream->events = events;
	stream->size = size;
	qrngd_timer_init(&stream->timer, &call->worker->timers, on_timer);
	qrngd_flow_init(&stream->flow, call);
	qrngd_flow_limit(&stream->flow, call, size);
	return stream;
}

static void send_stream(struct qrngd_call *call, const char *type, bool events)
{
	struct stream *stream;

	if (!call->ready) {
		qrngd_problem_unavailable(call);
		return;
	}
	qrngd_answer_begin(call, type, SIZE_MAX);
	if (call->head) {
		qrngd_answer_whole(call, NULL, 0);
		return;
	}
	stream = stream_new(call, events);
	h2o_start_response(call->req, &stream->generator);
	send_portion(stream);
}

/* A peer that is given nothing for long is taken for one that takes nothing. */
static bool is_too_slow(struct qrngd_call *call)
{
	qrngd_integer rate = call->values[QRNGD_FLOW_RATE].integer;

	if (!rate || call->values[QRNGD_FLOW_PORTION].integer <= rate * PAUSE_MAX)
		return false;
	qrngd_problem_value(call, "rate", "is too slow for the chunk_size",
			    "one chunk in 10 seconds, or more");
	return true;
}

static void handle_chunks(struct qrngd_call *call)
{
	struct qrngd_flow flow;

	if (is_too_slow(call))
		return;
	qrngd_flow_init(&flow, call);
	if (qrngd_websocket_wanted(call->req))
		qrngd_websocket_answer(call, &flow, NULL);
	else
		send_stream(call, "application/octet-stream", false);
}

static void handle_events(struct qrngd_call *call)
{
	if (!is_too_slow(call))
		send_stream(call, "text/event-stream", true);
}

const struct qrngd_route qrngd_routes_stream[] = {
	{
		.path = "/v1/stream",
		.group = "Streams",
		.summary = "Random bytes without an end, or up to one, at a pace; as WebSocket "
			   "messages if that is asked for.",
		.type = "application/octet-stream",
		.handle = handle_chunks,
		.params = { QRNGD_PARAMS_FLOW(4096, 0) },
	},
	{
		.path = "/v1/stream/events",
		.group = "Streams",
		.summary = "The same as server-sent events: each is a portion in base64, its id "
			   "the number of bytes so far.",
		.type = "text/event-stream",
		.handle = handle_events,
		.params = { QRNGD_PARAMS_FLOW(EVENT_PORTION, EVENT_PORTION) },
	},
	{ 0 },
};
