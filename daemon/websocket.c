// SPDX-License-Identifier: MIT
#include "websocket.h"

#include <stdlib.h>
#include <string.h>

#include <h2o/websocket.h>

#include "clock.h"
#include "problem.h"
#include "timer.h"

/* What a client may have waiting for it. */
#define QUEUED_MAX ((size_t)128 * 1024)

/* While the client has enough waiting, and as nobody tells when it has taken that. */
#define LOOK_MS 2

/* Clients have nothing to say but that they are there. */
#define RECEIVED_MAX 4096

/**
 * struct websocket - one client
 * @conn: the library's
 * @worker: the thread's
 * @timer: until the next message is due
 * @flow: what is to be sent
 * @kind: in which form
 * @ending: the close has been queued
 * @size: bytes of @message
 * @message: the one that is being made
 */
struct websocket {
	h2o_websocket_conn_t *conn;
	struct qrngd_worker *worker;
	struct qrngd_timer timer;
	struct qrngd_flow flow;
	const struct qrngd_message_kind *kind;
	bool ending;
	size_t size;
	uint8_t message[];
};

static size_t raw_size(size_t portion)
{
	return portion;
}

static size_t raw_make(struct qrngd_supply *supply, uint8_t *to, size_t len)
{
	qrngd_supply_draw(supply, to, len);
	return len;
}

const struct qrngd_message_kind qrngd_messages_raw = { true, raw_size, raw_make };

static void end(struct websocket *socket, uint16_t status)
{
	wslay_event_queue_close(socket->conn->ws_ctx, status, NULL, 0);
	socket->ending = true;
}

/* The queue keeps a copy, which it frees without wiping: no key, and gone to the peer. */
static void queue_message(struct websocket *socket)
{
	struct wslay_event_msg message = {
		.opcode = socket->kind->binary ? WSLAY_BINARY_FRAME : WSLAY_TEXT_FRAME,
		.msg = socket->message,
	};

	message.msg_length = socket->kind->make(&socket->worker->supply, socket->message,
						qrngd_flow_take(&socket->flow));
	if (wslay_event_queue_msg(socket->conn->ws_ctx, &message) != 0)
		end(socket, WSLAY_CODE_INTERNAL_SERVER_ERROR);
	qrng_wipe(socket->message, message.msg_length);
}

static bool is_due(const struct websocket *socket)
{
	size_t queued = wslay_event_get_queued_msg_length(socket->conn->ws_ctx);

	/* A close overtakes what is queued, so it waits for that. */
	if (!socket->flow.left || socket->worker->draining)
		return !wslay_event_get_queued_msg_count(socket->conn->ws_ctx);
	return (!queued || queued + socket->size <= QUEUED_MAX) &&
	       qrngd_flow_due(&socket->flow) <= qrngd_now_ms();
}

static void queue_what_is_due(struct websocket *socket)
{
	while (!socket->ending && is_due(socket)) {
		if (!qrngd_supply_ready(&socket->worker->supply))
			end(socket, WSLAY_CODE_INTERNAL_SERVER_ERROR);
		else if (!socket->flow.left)
			end(socket, WSLAY_CODE_NORMAL_CLOSURE);
		else if (socket->worker->draining)
			end(socket, WSLAY_CODE_GOING_AWAY);
		else
			queue_message(socket);
	}
}

/* The library may find the client gone as it writes, and then there is no socket any more. */
static void on_timer(struct qrngd_timer *timer)
{
	struct websocket *socket = H2O_STRUCT_FROM_MEMBER(struct websocket, timer, timer);
	uint64_t soon = qrngd_now_ms() + LOOK_MS, due;

	queue_what_is_due(socket);
	if (!socket->ending) {
		due = qrngd_flow_due(&socket->flow);
		qrngd_timer_set(&socket->timer, due > soon ? due : soon);
	}
	h2o_websocket_proceed(socket->conn);
}

/* What clients say is read and forgotten; their close, and their loss, end up here. */
static void on_message(h2o_websocket_conn_t *conn, const struct wslay_event_on_msg_recv_arg *arg)
{
	struct websocket *socket = conn->data;

	if (arg)
		return;
	qrngd_timer_cancel(&socket->timer);
	h2o_websocket_close(conn);
	free(socket);
}

bool qrngd_websocket_wanted(h2o_req_t *req)
{
	const char *key;

	return req->version < 0x200 && h2o_is_websocket_handshake(req, &key) == 0 && key;
}

static struct websocket *websocket_new(struct qrngd_call *call,
				       const struct qrngd_message_kind *kind)
{
	size_t size = kind->size((size_t)call->values[QRNGD_FLOW_PORTION].integer);
	struct websocket *socket = calloc(1, sizeof(*socket) + size);

	if (!socket)
		return NULL;
	socket->worker = call->worker;
	socket->kind = kind;
	socket->size = size;
	qrngd_flow_init(&socket->flow, call);
	qrngd_timer_init(&socket->timer, &call->worker->timers, on_timer);
	return socket;
}

void qrngd_websocket_answer(struct qrngd_call *call, const struct qrngd_message_kind *kind)
{
	struct websocket *socket;
	const char *key;

	if (!call->ready) {
		qrngd_problem_unavailable(call);
		return;
	}
	socket = websocket_new(call, kind);
	if (!socket) {
		qrngd_problem_send(call, 503, "out of memory");
		return;
	}
	h2o_is_websocket_handshake(call->req, &key);
	socket->conn = h2o_upgrade_to_websocket(call->req, key, socket, on_message);
	wslay_event_config_set_max_recv_msg_length(socket->conn->ws_ctx, RECEIVED_MAX);
	/* Not before the answer to the request has left. */
	qrngd_timer_set(&socket->timer, 0);
}
