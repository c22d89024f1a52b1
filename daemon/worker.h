/* SPDX-License-Identifier: MIT */
/*
 * One thread of the server: an event loop, its share of the listening sockets, and
 * everything that a request needs, so that requests share nothing.
 */
#ifndef QRNGD_WORKER_H
#define QRNGD_WORKER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "chunk.h"
#include "connection.h"
#include "h2o_compat.h"
#include "http3.h"
#include "metrics.h"
#include "listener.h"
#include "lokey/fortuna.h"
#include "lokey/order.h"
#include "overflow.h"
#include "rendered.h"
#include "setup.h"
#include "supply.h"
#include "timer.h"
#include "watch.h"

struct qrngd_server;

/**
 * struct qrngd_ear - one listening socket of one thread
 * @worker: the thread's
 * @kind: what is spoken there
 * @face: the interface that is there
 * @socket: the socket
 * @accept: how connections begin
 */
struct qrngd_ear {
	struct qrngd_worker *worker;
	enum qrngd_listener_kind kind;
	enum qrngd_face face;
	h2o_socket_t *socket;
	h2o_accept_ctx_t accept;
};

/**
 * struct qrngd_worker - one thread
 * @ctx: the library's context; a request leads to its worker through it
 * @receiver: woken by other threads through it, which may bring errands back
 * @server: what it belongs to
 * @setup: what holds for this thread now
 * @setup_number: of the server, when @setup was taken up
 * @turn: of the server, when its loop came round last
 * @ended: the loop turns no more
 * @index: which of the workers it is
 * @thread: the thread
 * @hosts: of each interface, lists of the one host that has it
 * @admin_hosts: the same of the admin socket
 * @ears: the listening sockets
 * @ear_count: how many
 * @deaf_until_ms: accepting has stopped until then; 0: it goes on
 * @connections: what was accepted
 * @overflow: for those that came when there was no room
 * @http3: what came by HTTP/3; not in use without it
 * @supply: the thread's random bytes
 * @tap: those for LoKey's clients; not in use without them
 * @orders: what those clients wanted last
 * @chunks: buffers for long answers
 * @timers: what is to happen later
 * @feed_list: clients that listen to events
 * @feeds: how many; others look at it
 * @fed: the events that they have been told of
 * @watch: the module's events; one worker has it for all
 * @provenance: headers of all answers that no noise is in
 * @tap_provenance: the same of those that @tap made
 * @telemetry: headers of answers to entropy-service's clients
 * @metrics: what was asked and answered
 * @draining: a stop was asked for; no more is accepted
 * @drain_until_ms: when what is still under way is cut off
 */
struct qrngd_worker {
	h2o_context_t ctx;
	h2o_multithread_receiver_t receiver;
	struct qrngd_server *server;
	struct qrngd_setup *setup;
	_Atomic unsigned int setup_number;
	_Atomic unsigned int turn;
	_Atomic bool ended;
	unsigned int index;
	pthread_t thread;
	h2o_hostconf_t *hosts[QRNGD_FACES][2];
	h2o_hostconf_t *admin_hosts[2];
	struct qrngd_ear ears[QRNGD_LISTENERS_MAX];
	unsigned int ear_count;
	uint64_t deaf_until_ms;
	struct qrngd_connections connections;
	struct qrngd_overflow overflow;
	struct qrngd_http3 http3;
	struct qrngd_supply supply;
	struct qrngd_tap tap;
	struct qrngd_orders orders;
	struct qrngd_chunks chunks;
	struct qrngd_timers timers;
	h2o_linklist_t feed_list;
	_Atomic unsigned int feeds;
	uint64_t fed;
	struct qrngd_watch watch;
	struct qrngd_rendered provenance;
	struct qrngd_rendered tap_provenance;
	struct qrngd_rendered telemetry;
	struct qrngd_metrics metrics;
	bool draining;
	uint64_t drain_until_ms;
};

/**
 * qrngd_worker_init() - set a worker up, without starting it
 * @worker: zeroed memory
 * @server: what it belongs to; its configuration is complete
 * @index: which of the listeners' sockets it takes over
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_worker_init(struct qrngd_worker *worker, struct qrngd_server *server, unsigned int index);

/**
 * qrngd_worker_close() - wipe and free what qrngd_worker_init() made
 * @worker: a worker that has ended
 */
void qrngd_worker_close(struct qrngd_worker *worker);

/**
 * qrngd_worker_main() - run until the server stops and all is answered
 * @arg: the worker
 */
void *qrngd_worker_main(void *arg);

/**
 * qrngd_worker_wake() - make a worker look at the server's state
 * @worker: any thread's worker
 */
void qrngd_worker_wake(struct qrngd_worker *worker);

/** qrngd_worker_of() - the worker that serves this request */
static inline struct qrngd_worker *qrngd_worker_of(h2o_req_t *req)
{
	return H2O_STRUCT_FROM_MEMBER(struct qrngd_worker, ctx, req->conn->ctx);
}

#endif /* QRNGD_WORKER_H */
