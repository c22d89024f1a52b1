// SPDX-License-Identifier: MIT
#include "worker.h"

#include <stdatomic.h>

#include "clock.h"
#include "errand.h"
#include "feed.h"
#include "log.h"
#include "server.h"
#include "steady.h"

#define STARVED_MS 1000

static int32_t sooner(int32_t wait_ms, uint64_t other_ms)
{
	return other_ms < (uint64_t)wait_ms ? (int32_t)other_ms : wait_ms;
}

/* Level-triggered: a listener that is not read must not be polled either. */
static void go_deaf(struct qrngd_worker *worker)
{
	unsigned int i;

	for (i = 0; i < worker->ear_count; i++)
		h2o_socket_read_stop(worker->ears[i].socket);
	worker->deaf_until_ms = qrngd_now_ms() + STARVED_MS;
}

/* Whoever waits is let in or told that there is no room. */
static enum qrngd_accepted accept_more(struct qrngd_ear *ear)
{
	struct qrngd_worker *worker = ear->worker;
	enum qrngd_accepted end =
		qrngd_connections_accept(&worker->connections, ear->socket, &ear->accept,
					 ear->kind == QRNGD_LISTENER_ADMIN);

	if (end != QRNGD_ACCEPT_FULL && end != QRNGD_ACCEPT_STARVED)
		return end;
	return qrngd_overflow_refuse(&worker->overflow, h2o_socket_get_fd(ear->socket), ear->kind,
				     ear->face, end);
}

static void on_connection(h2o_socket_t *socket, const char *err)
{
	struct qrngd_ear *ear = socket->data;

	if (!err && accept_more(ear) == QRNGD_ACCEPT_STARVED)
		go_deaf(ear->worker);
}

static void listen_again(struct qrngd_worker *worker)
{
	unsigned int i;

	worker->deaf_until_ms = 0;
	for (i = 0; i < worker->ear_count; i++)
		h2o_socket_read_start(worker->ears[i].socket, on_connection);
}

static int32_t tick_listening(struct qrngd_worker *worker, uint64_t now)
{
	if (now < worker->deaf_until_ms)
		return (int32_t)(worker->deaf_until_ms - now);
	if (worker->deaf_until_ms)
		listen_again(worker);
	return INT32_MAX;
}

/* Who has been let in by the kernel already gets an answer, too. */
static void start_draining(struct qrngd_worker *worker, uint64_t now)
{
	unsigned int i;

	for (i = 0; i < worker->ear_count; i++) {
		while (accept_more(&worker->ears[i]) == QRNGD_ACCEPT_MORE)
			continue;
		h2o_socket_close(worker->ears[i].socket);
	}
	worker->ear_count = 0;
	worker->draining = true;
	worker->drain_until_ms = now + (uint64_t)worker->setup->options.drain_s * 1000;
	qrngd_feeds_end(worker);
	qrngd_watch_stop(&worker->watch);
	qrngd_http3_stop(&worker->http3, now);
	h2o_context_request_shutdown(&worker->ctx);
}

/* Return: as tick() */
static int32_t tick_draining(struct qrngd_worker *worker, uint64_t now)
{
	int32_t wait = INT32_MAX;
	unsigned int needed = qrngd_http3_drain(&worker->http3, now, &wait);

	qrngd_h2o_close_idle(&worker->ctx);
	needed += worker->connections.count;
	if (!needed)
		return -1;
	if (now < worker->drain_until_ms)
		return sooner(wait, worker->drain_until_ms - now);
	atomic_fetch_add(&worker->server->cut, needed);
	return -1;
}

static void apply_setup(struct qrngd_worker *worker)
{
	unsigned int i;

	for (i = 0; i < worker->ear_count; i++)
		if (worker->ears[i].kind == QRNGD_LISTENER_TLS)
			worker->ears[i].accept.ssl_ctx = worker->setup->tls;
	qrngd_http3_use(&worker->http3, &worker->server->config, worker->setup->quic);
	worker->connections.max = atomic_load(&worker->server->max_connections);
	worker->connections.stall_ms = (uint64_t)worker->setup->options.stall_timeout_s * 1000;
}

static void take_setup_up(struct qrngd_worker *worker)
{
	unsigned int number = atomic_load(&worker->server->setup_number);

	if (number == atomic_load(&worker->setup_number))
		return;
	qrngd_setup_drop(worker->setup);
	worker->setup = qrngd_server_setup(worker->server);
	apply_setup(worker);
	atomic_store(&worker->setup_number, number);
}

/*
 * What is to be done between two rounds of the loop.
 * Return: how long the next round may wait, in milliseconds; negative: none comes.
 */
static int32_t tick(struct qrngd_worker *worker)
{
	uint64_t now = qrngd_now_ms();
	int32_t wait;

	/* Read first: who is asking shall not wait for this thread's write each round. */
	if (atomic_load(&worker->turn) != atomic_load(&worker->server->turn))
		atomic_store(&worker->turn, atomic_load(&worker->server->turn));
	take_setup_up(worker);
	qrngd_feeds_flow(worker);
	if (worker->draining) {
		wait = tick_draining(worker, now);
	} else if (atomic_load(&worker->server->stopping)) {
		start_draining(worker, now);
		return 0;
	} else {
		wait = tick_listening(worker, now);
	}
	if (wait < 0)
		return wait;
	wait = sooner(wait, qrngd_h2o_collect(&worker->ctx));
	wait = sooner(wait, (uint64_t)qrngd_http3_sweep(&worker->http3, now));
	return sooner(wait, (uint64_t)qrngd_connections_sweep(&worker->connections, now));
}

/* Without a message a wake-up is all that is wanted: tick() sees why. */
static void on_message(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
	(void)receiver;
	while (!h2o_linklist_is_empty(messages)) {
		h2o_multithread_message_t *message = H2O_STRUCT_FROM_MEMBER(
			h2o_multithread_message_t, link, messages->next);

		h2o_linklist_unlink(&message->link);
		qrngd_errand_return(message);
	}
}

static void open_ear(struct qrngd_worker *worker, struct qrngd_ear *ear,
		     struct qrngd_listener *listener)
{
	int *fd = &listener->fds[worker->index];
	bool admin = listener->kind == QRNGD_LISTENER_ADMIN;

	ear->worker = worker;
	ear->kind = listener->kind;
	ear->face = listener->face;
	ear->accept.ctx = &worker->ctx;
	ear->accept.hosts = admin ? worker->admin_hosts : worker->hosts[listener->face];
	ear->socket = h2o_evloop_socket_create(worker->ctx.loop, *fd, H2O_SOCKET_FLAG_DONT_READ);
	ear->socket->data = ear;
	*fd = -1;
}

static void open_datagrams(struct qrngd_worker *worker)
{
	struct qrngd_server *server = worker->server;
	unsigned int i;

	for (i = 0; i < server->listener_count; i++) {
		struct qrngd_listener *listener = &server->listeners[i];

		if (listener->datagrams)
			qrngd_http3_listen(&worker->http3, &worker->ctx, listener,
					   worker->hosts[listener->face]);
	}
}

/* In the worker's own thread, as the library keeps buffers for each thread. */
static void start_loop(struct qrngd_worker *worker)
{
	struct qrngd_server *server = worker->server;
	unsigned int i;

	qrngd_steady_clock(&worker->ctx);
	h2o_context_init(&worker->ctx, h2o_evloop_create(), &server->config);
	qrngd_timers_init(&worker->timers, worker->ctx.loop);
	if (worker->index == 0 && server->options->engine != QRNGD_ENGINE_EMBEDDED)
		qrngd_watch_start(&worker->watch, worker->ctx.loop, &worker->timers,
				  server->events);
	for (i = 0; i < QRNGD_FACES; i++)
		worker->hosts[i][0] = server->hosts[i];
	worker->admin_hosts[0] = server->admin_host;
	h2o_multithread_register_receiver(worker->ctx.queue, &worker->receiver, on_message);
	for (i = 0; i < server->listener_count; i++) {
		open_ear(worker, &worker->ears[i], &server->listeners[i]);
	}
	worker->ear_count = server->listener_count;
	apply_setup(worker);
	open_datagrams(worker);
	listen_again(worker);
}

void *qrngd_worker_main(void *arg)
{
	struct qrngd_worker *worker = arg;
	int32_t wait;

	start_loop(worker);
	pthread_barrier_wait(&worker->server->ready);
	while ((wait = tick(worker)) >= 0)
		h2o_evloop_run(worker->ctx.loop, wait);
	qrngd_h2o_end_thread();
	atomic_store(&worker->ended, true);
	qrngd_server_worker_ended(worker->server);
	return NULL;
}

void qrngd_worker_wake(struct qrngd_worker *worker)
{
	h2o_multithread_send_message(&worker->receiver, NULL);
}

int qrngd_worker_init(struct qrngd_worker *worker, struct qrngd_server *server, unsigned int index)
{
	worker->server = server;
	worker->index = index;
	h2o_linklist_init_anchor(&worker->feed_list);
	qrngd_connections_init(&worker->connections, &server->open, &server->door.lock);
	worker->setup = qrngd_server_setup(server);
	if (qrngd_supply_init(&worker->supply, server->engine) < 0)
		goto err_supply;
	if (server->lokey &&
	    qrngd_tap_init(&worker->tap, &server->lokey->fortuna, server->engine) < 0)
		goto err_tap;
	if (qrngd_metrics_init(&worker->metrics) < 0)
		goto err_metrics;
	if (qrngd_overflow_init(&worker->overflow, &server->door) < 0)
		goto err_overflow;
	if (server->options->http3 &&
	    qrngd_http3_init(&worker->http3, &worker->connections, index, server->http3_key) < 0)
		goto err_http3;
	return 0;

err_http3:
	qrngd_overflow_close(&worker->overflow);
err_overflow:
	qrngd_metrics_free(&worker->metrics);
err_metrics:
	qrngd_tap_wipe(&worker->tap);
err_tap:
	qrngd_supply_wipe(&worker->supply);
err_supply:
	qrngd_setup_drop(worker->setup);
	qrngd_log("out of memory");
	return -1;
}

void qrngd_worker_close(struct qrngd_worker *worker)
{
	qrngd_supply_wipe(&worker->supply);
	qrngd_tap_wipe(&worker->tap);
	qrngd_chunks_free(&worker->chunks);
	qrngd_metrics_free(&worker->metrics);
	qrngd_overflow_close(&worker->overflow);
	qrngd_http3_close(&worker->http3);
	qrngd_setup_drop(worker->setup);
	qrngd_rendered_free(&worker->provenance);
	qrngd_rendered_free(&worker->tap_provenance);
	qrngd_rendered_free(&worker->telemetry);
}
