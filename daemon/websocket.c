// SPDX-License-Identifier: MIT
#include "websocket.h"

#include <stdlib.h>
#include <string.h>

#include <h2o/websocket.h>

#include "clock.h"
#include "cors.h"
#include "count.h"
#include "limiter.h"
#include "problem.h"
#include "timer.h"
#include "toll.h"

/* Clients have nothing to say but that they are there. */
#define RECEIVED_MAX 4096

/* Answers to pings that may wait; whoever takes them as they come has one there. */
#define QUEUED_MAX 256

/* How soon a stop or a lost source is noticed between two messages. */
#define LOOK_MS 1000

/**
 * struct websocket - one client
 * @conn: the library's
 * @worker: the thread's
 * @payer: who pays
 * @debtor: whose address is charged
 * @timer: until the next message is due
 * @flow: what is to be sent
 * @kind: in which form, NULL: raw
 * @ending: the close has been queued
 * @busy: a message has been queued, and not all of it was taken
 * @sent_ms: when the last one was queued
 * @left: what of it was not taken yet
 * @at: where that begins in @text, unless it is raw
 * @size: bytes of @text
 * @text: the message, unless it is raw
 */
struct websocket {
	h2o_websocket_conn_t *conn;
	struct qrngd_worker *worker;
	struct qrngd_payer payer;
	struct qrngd_debtor debtor;
	struct qrngd_timer timer;
	struct qrngd_flow flow;
	const struct qrngd_message_kind *kind;
	bool ending;
	bool busy;
	uint64_t sent_ms;
	size_t left;
	size_t at;
	size_t size;
	char text[];
};

static void end(struct websocket *socket, uint16_t status)
{
	wslay_event_queue_close(socket->conn->ws_ctx, status, NULL, 0);
	socket->ending = true;
}

/* Long before a ping would come too late. */
static uint64_t look_ms(const struct websocket *socket)
{
	uint64_t quarter = socket->worker->connections.stall_ms / 4;

	return quarter < LOOK_MS ? quarter : LOOK_MS;
}

static void set_timer(struct websocket *socket)
{
	uint64_t look = qrngd_now_ms() + look_ms(socket), due = qrngd_flow_due(&socket->flow);

	qrngd_timer_cancel(&socket->timer);
	qrngd_timer_set(&socket->timer, socket->busy || due > look ? look : due);
}

static void take_text(struct websocket *socket, uint8_t *to, size_t len)
{
	memcpy(to, socket->text + socket->at, len);
	qrng_wipe(socket->text + socket->at, len);
	socket->at += len;
}

static void queue_what_is_due(struct websocket *socket);

/*
 * The peer has room for more of a message. The end of one is the time to queue the next,
 * as the library goes on with that at once.
 */
static ssize_t on_room(wslay_event_context_ptr ctx, uint8_t *to, size_t size,
		       const union wslay_event_msg_source *source, int *eof, void *unused)
{
	struct websocket *socket = source->data;
	size_t len = socket->left < size ? socket->left : size;

	(void)unused;
	if (socket->kind) {
		take_text(socket, to, len);
	} else if (qrngd_supply_ready(&socket->worker->supply)) {
		qrngd_supply_draw(&socket->worker->supply, to, len);
	} else {
		wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
		return -1;
	}
	socket->left -= len;
	*eof = !socket->left;
	if (*eof) {
		socket->busy = false;
		queue_what_is_due(socket);
	}
	return (ssize_t)len;
}

static void queue_message(struct websocket *socket)
{
	struct wslay_event_fragmented_msg message = {
		.opcode = socket->kind ? WSLAY_TEXT_FRAME : WSLAY_BINARY_FRAME,
		.source = { .data = socket },
		.read_callback = on_room,
	};

	socket->left = qrngd_flow_take(&socket->flow);
	socket->at = 0;
	if (socket->kind)
		socket->left =
			socket->kind->make(&socket->worker->supply, socket->text, socket->left);
	if (!qrngd_toll_more(&socket->payer, socket->left)) {
		end(socket, WSLAY_CODE_POLICY_VIOLATION);
		return;
	}
	qrngd_limiter_charge(&socket->debtor, socket->left);
	socket->busy = true;
	socket->sent_ms = qrngd_now_ms();
	qrngd_count(&socket->worker->metrics.messages, 1);
	if (wslay_event_queue_fragmented_msg(socket->conn->ws_ctx, &message) != 0)
		end(socket, WSLAY_CODE_INTERNAL_SERVER_ERROR);
}

static void queue_what_is_due(struct websocket *socket)
{
	/* A close would overtake what is queued, so it waits for that. */
	if (socket->busy || socket->ending)
		return;
	if (!qrngd_supply_ready(&socket->worker->supply))
		end(socket, WSLAY_CODE_INTERNAL_SERVER_ERROR);
	else if (!socket->flow.left)
		end(socket, WSLAY_CODE_NORMAL_CLOSURE);
	else if (socket->worker->draining)
		end(socket, WSLAY_CODE_GOING_AWAY);
	else if (qrngd_flow_due(&socket->flow) <= qrngd_now_ms())
		queue_message(socket);
	else
		set_timer(socket);
}

/*
 * A peer that takes nothing is given up, and one that is given nothing looks like that.
 * The answer to a ping is its sign of life.
 */
static void ping_if_quiet(struct websocket *socket, uint64_t now)
{
	struct wslay_event_msg ping = { .opcode = WSLAY_PING };

	if (socket->busy || now - socket->sent_ms < socket->worker->connections.stall_ms / 2)
		return;
	socket->sent_ms = now;
	wslay_event_queue_msg(socket->conn->ws_ctx, &ping);
}

/* The library may find the client gone as it writes, and then there is no socket any more. */
static void on_timer(struct qrngd_timer *timer)
{
	struct websocket *socket = H2O_STRUCT_FROM_MEMBER(struct websocket, timer, timer);

	/* The answer to the request waits for a peer that has not taken those before it. */
	if (!socket->conn->sock) {
		qrngd_timer_set(timer, qrngd_now_ms() + look_ms(socket));
		return;
	}
	queue_what_is_due(socket);
	if (!socket->ending) {
		ping_if_quiet(socket, qrngd_now_ms());
		set_timer(socket);
	}
	h2o_websocket_proceed(socket->conn);
}

/*
 * Each ping has an answer, which waits until the peer takes it. Whoever goes on without is
 * cut off: the library finds its socket dead, and cleans up.
 */
static void limit_queue(const h2o_websocket_conn_t *conn)
{
	if (wslay_event_get_queued_msg_count(conn->ws_ctx) < QUEUED_MAX)
		return;
	wslay_event_shutdown_read(conn->ws_ctx);
	shutdown(h2o_socket_get_fd(conn->sock), SHUT_RDWR);
}

/* What clients say is read and forgotten; their close, and their loss, end up here. */
static void on_message(h2o_websocket_conn_t *conn, const struct wslay_event_on_msg_recv_arg *arg)
{
	struct websocket *socket = conn->data;

	if (arg) {
		limit_queue(conn);
		return;
	}
	qrngd_timer_cancel(&socket->timer);
	h2o_websocket_close(conn);
	qrng_wipe(socket->text, socket->size);
	free(socket);
}

bool qrngd_websocket_wanted(h2o_req_t *req)
{
	const char *key;

	return req->version < 0x200 && h2o_is_websocket_handshake(req, &key) == 0 && key;
}

static struct websocket *websocket_new(struct qrngd_call *call, const struct qrngd_flow *flow,
				       const struct qrngd_message_kind *kind)
{
	size_t size = kind ? kind->size(flow->portion) : 0;
	struct websocket *socket = calloc(1, sizeof(*socket) + size);

	if (!socket)
		return NULL;
	socket->worker = call->worker;
	socket->payer = call->payer;
	qrngd_limiter_debtor(call, &socket->debtor);
	socket->flow = *flow;
	socket->kind = kind;
	socket->size = size;
	socket->sent_ms = qrngd_now_ms();
	qrngd_timer_init(&socket->timer, &call->worker->timers, on_timer);
	return socket;
}

void qrngd_websocket_answer(struct qrngd_call *call, const struct qrngd_flow *flow,
			    const struct qrngd_message_kind *kind)
{
	struct websocket *socket;
	const char *key;

	if (!qrngd_cors_admits(call)) {
		qrngd_problem_send(call, 403, "pages of this origin may not connect: cors-origin");
		return;
	}
	if (!call->ready) {
		qrngd_problem_unavailable(call);
		return;
	}
	socket = websocket_new(call, flow, kind);
	if (!socket) {
		qrngd_problem_send(call, 503, "out of memory");
		return;
	}
	h2o_is_websocket_handshake(call->req, &key);
	socket->conn = h2o_upgrade_to_websocket(call->req, key, socket, on_message);
	wslay_event_config_set_max_recv_msg_length(socket->conn->ws_ctx, RECEIVED_MAX);
	/* Not before the answer to the request has left, if it can. */
	qrngd_timer_set(&socket->timer, 0);
}
