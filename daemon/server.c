// SPDX-License-Identifier: MIT
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capacity.h"
#include "clock.h"
#include "log.h"
#include "router.h"

/* Enough to read a small body away; what is larger the library refuses itself. */
#define BODY_MAX 4096

/* From the last worker to the main thread. */
#define SIGNAL_ENDED SIGUSR1

static sigset_t signals_to_wait_for(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGNAL_ENDED);
	return set;
}

void qrngd_server_block_signals(void)
{
	sigset_t set = signals_to_wait_for();

	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void configure(struct qrngd_server *server)
{
	uint64_t idle_ms = (uint64_t)server->options->idle_timeout_s * 1000;
	h2o_globalconf_t *config = &server->config;
	h2o_hostconf_t *host;

	h2o_config_init(config);
	config->server_name = h2o_iovec_init(H2O_STRLIT("qrngd"));
	config->max_request_entity_size = BODY_MAX;
	config->http1.req_timeout = idle_ms;
	config->http1.upgrade_to_http2 = server->options->http2;
	config->http2.idle_timeout = idle_ms;
	config->http2.max_concurrent_requests_per_connection = QRNGD_HTTP2_STREAMS;
	qrngd_h2o_no_write_timeout(config);
	host = h2o_config_register_host(config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	qrngd_router_register(host);
}

static int open_listeners(struct qrngd_server *server)
{
	const struct qrngd_options *options = server->options;
	unsigned int i;

	for (i = 0; i < options->listen.count; i++) {
		if (qrngd_listener_open(&server->listeners[i], options->listen.items[i],
					options->threads) != 0)
			return -1;
		server->listener_count++;
	}
	return 0;
}

static int open_workers(struct qrngd_server *server)
{
	unsigned int threads = server->options->threads;

	server->workers = calloc(threads, sizeof(*server->workers));
	if (!server->workers) {
		qrngd_log("out of memory");
		return -1;
	}
	while (server->worker_count < threads) {
		unsigned int index = server->worker_count;

		if (qrngd_worker_init(&server->workers[index], server, index) != 0)
			return -1;
		server->worker_count++;
	}
	return 0;
}

static int open_public_log(struct qrngd_server *server)
{
	const char *path = server->options->public_log;

	if (!path)
		return 0;
	server->public_log = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (server->public_log >= 0)
		return 0;
	qrngd_log("public-log %s: %s", path, strerror(errno));
	return -1;
}

int qrngd_server_open(struct qrngd_server *server, const struct qrngd_options *options,
		      struct qrngd_engine *engine, struct qrngd_events *events)
{
	server->options = options;
	server->engine = engine;
	server->events = events;
	server->main = pthread_self();
	server->public_log = -1;
	qrngd_ration_init(&server->ration, options);
	if (qrngd_capacity(options, &server->max_connections) != 0)
		return -1;
	if (qrngd_signer_open(&server->signer, options->signing_key) != 0)
		return -1;
	if (open_public_log(server) != 0)
		goto err_log;
	if (open_listeners(server) != 0)
		goto err_listeners;
	configure(server);
	if (open_workers(server) != 0)
		goto err_workers;
	return 0;

err_workers:
err_listeners:
err_log:
	qrngd_server_close(server);
	return -1;
}

static void unlink_sockets(struct qrngd_server *server)
{
	unsigned int i;

	for (i = 0; i < server->listener_count; i++)
		qrngd_listener_unlink(&server->listeners[i]);
}

/* Those that run already use all there is, so nothing of it can be taken apart. */
static void __attribute__((noreturn)) give_up(struct qrngd_server *server, unsigned int started)
{
	qrngd_log("threads %u: only %u can be started", server->worker_count, started);
	unlink_sockets(server);
	_exit(EXIT_FAILURE);
}

static void start_workers(struct qrngd_server *server)
{
	unsigned int i;

	pthread_barrier_init(&server->ready, NULL, server->worker_count + 1);
	atomic_store(&server->running, server->worker_count);
	for (i = 0; i < server->worker_count; i++) {
		struct qrngd_worker *worker = &server->workers[i];

		if (pthread_create(&worker->thread, NULL, qrngd_worker_main, worker) != 0)
			give_up(server, i);
	}
	pthread_barrier_wait(&server->ready);
}

/* On any thread that tells an event: only those wake up whose clients listen. */
static void wake_feeding(void *data)
{
	struct qrngd_server *server = data;
	unsigned int i;

	for (i = 0; i < server->worker_count; i++)
		if (atomic_load(&server->workers[i].feeds))
			qrngd_worker_wake(&server->workers[i]);
}

static void stop_workers(struct qrngd_server *server)
{
	unsigned int i;

	atomic_store(&server->stopping, true);
	for (i = 0; i < server->worker_count; i++)
		qrngd_worker_wake(&server->workers[i]);
}

static int wait_for_signal(void)
{
	sigset_t set = signals_to_wait_for();
	int number;

	do
		number = sigwaitinfo(&set, NULL);
	while (number < 0 && errno == EINTR);
	return number;
}

static void wait_for_end(struct qrngd_server *server)
{
	while (atomic_load(&server->running)) {
		int number = wait_for_signal();

		if (number == SIGNAL_ENDED)
			continue;
		if (atomic_load(&server->stopping)) {
			qrngd_log("stopped at once by a second signal");
			_exit(EXIT_FAILURE);
		}
		qrngd_log("stopping; connections open: %u", atomic_load(&server->open));
		unlink_sockets(server);
		stop_workers(server);
	}
}

void qrngd_server_run(struct qrngd_server *server)
{
	unsigned int i;

	server->started_ms = qrngd_now_ms();
	start_workers(server);
	qrngd_events_listen(server->events, wake_feeding, server);
	for (i = 0; i < server->listener_count; i++)
		qrngd_listener_announce(&server->listeners[i]);
	wait_for_end(server);
	qrngd_events_listen(server->events, NULL, NULL);
	for (i = 0; i < server->worker_count; i++)
		pthread_join(server->workers[i].thread, NULL);
	if (atomic_load(&server->cut))
		qrngd_log("connections cut off after %u s: %u", server->options->drain_s,
			  atomic_load(&server->cut));
}

void qrngd_server_close(struct qrngd_server *server)
{
	unsigned int i;

	for (i = 0; i < server->worker_count; i++)
		qrngd_worker_close(&server->workers[i]);
	for (i = 0; i < server->listener_count; i++)
		qrngd_listener_close(&server->listeners[i]);
	if (server->public_log >= 0)
		close(server->public_log);
	qrngd_signer_close(&server->signer);
}

bool qrngd_server_has_room(const struct qrngd_server *server)
{
	return atomic_load(&server->open) < server->max_connections;
}

void qrngd_server_wake_deaf(struct qrngd_server *server)
{
	unsigned int i;

	for (i = 0; i < server->worker_count; i++)
		if (atomic_load(&server->workers[i].deaf))
			qrngd_worker_wake(&server->workers[i]);
}

void qrngd_server_worker_ended(struct qrngd_server *server)
{
	atomic_fetch_sub(&server->running, 1);
	pthread_kill(server->main, SIGNAL_ENDED);
}
