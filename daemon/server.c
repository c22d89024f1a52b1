// SPDX-License-Identifier: MIT
#include "server.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "capacity.h"
#include "clock.h"
#include "control.h"
#include "listeners.h"
#include "log.h"
#include "lokey/request.h"
#include "router.h"

/* Enough to read a small body away; what is larger the library refuses itself. */
#define BODY_MAX 4096

/* Much longer than any thread is busy with one request. */
#define TAKE_UP_MS 1000

/* To the main thread, from workers that end or have an errand for it. */
#define SIGNAL_LOOK SIGUSR1

static sigset_t signals_to_wait_for(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGNAL_LOOK);
	return set;
}

void qrngd_server_block_signals(void)
{
	sigset_t set = signals_to_wait_for();

	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A file that may grow no more is an error of the write, like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
}

/* Which host a connection comes to is a matter of its listener, whatever it asks for. */
static const char *const host_names[QRNGD_FACES] = { "default", "api", "controller", "fortuna",
						     "virtio" };

static h2o_hostconf_t *add_host(h2o_globalconf_t *config, const char *name, enum qrngd_face face)
{
	h2o_hostconf_t *host =
		h2o_config_register_host(config, h2o_iovec_init(name, strlen(name)), 65535);

	qrngd_router_register(host, face);
	return host;
}

static void configure(struct qrngd_server *server)
{
	uint64_t idle_ms = (uint64_t)server->options->idle_timeout_s * 1000;
	h2o_globalconf_t *config = &server->config;
	unsigned int i;

	h2o_config_init(config);
	config->server_name = h2o_iovec_init(H2O_STRLIT("qrngd"));
	config->max_request_entity_size =
		server->options->lokey == QRNGD_LOKEY_OFF ? BODY_MAX : QRNGD_LOKEY_BODY_MAX;
	config->handshake_timeout = idle_ms;
	config->http1.req_timeout = idle_ms;
	config->http1.upgrade_to_http2 = server->options->http2;
	config->http2.idle_timeout = idle_ms;
	config->http2.max_concurrent_requests_per_connection = QRNGD_HTTP2_STREAMS;
	qrngd_h2o_limit_http3(config, idle_ms, QRNGD_CONNECTION_BYTES);
	qrngd_h2o_no_write_timeout(config);
	qrngd_router_init(server->options->lokey != QRNGD_LOKEY_OFF);
	for (i = 0; i < QRNGD_FACES; i++)
		server->hosts[i] = add_host(config, host_names[i], i);
	server->admin_host = add_host(config, "admin", QRNGD_FACE_OWN);
}

static int open_workers(struct qrngd_server *server)
{
	unsigned int threads = server->options->threads;

	server->workers = calloc(threads, sizeof(*server->workers));
	if (!server->workers || RAND_bytes(server->http3_key, sizeof(server->http3_key)) != 1) {
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

static void limit_connections(struct qrngd_server *server)
{
	unsigned int wanted = server->setup->options.max_connections;
	bool possible = wanted <= server->capacity.connections;

	server->max_connections = possible ? wanted : server->capacity.connections;
	if (!possible)
		qrngd_log("connections: %u at most, since %s", server->max_connections,
			  server->capacity.reason);
}

static void close_all(struct qrngd_server *server)
{
	unsigned int i;

	for (i = 0; i < server->worker_count; i++)
		qrngd_worker_close(&server->workers[i]);
	explicit_bzero(server->http3_key, sizeof(server->http3_key));
	for (i = 0; i < server->listener_count; i++)
		qrngd_listener_close(&server->listeners[i]);
}

unsigned int qrngd_server_generators(const struct qrngd_options *options)
{
	unsigned int for_lokey = options->threads + QRNGD_FORTUNA_ROOTS;

	return options->threads + options->fifo.count + 1 +
	       (options->lokey == QRNGD_LOKEY_OFF ? 0 : for_lokey);
}

int qrngd_server_open(struct qrngd_server *server, const struct qrngd_command *command,
		      struct qrngd_setup *setup, struct qrngd_engine *engine,
		      struct qrngd_events *events, const struct qrngd_identity *identity)
{
	server->command = command;
	server->start = qrngd_setup_hold(setup);
	server->options = &setup->options;
	server->setup = qrngd_setup_hold(setup);
	server->engine = engine;
	server->events = events;
	server->main = pthread_self();
	/* None of the loops has come round as yet. */
	atomic_store(&server->turn, 1);
	pthread_mutex_init(&server->setup_lock, NULL);
	pthread_mutex_init(&server->door.lock, NULL);
	qrngd_errands_init(&server->errands);
	qrngd_service_init(&server->service);
	qrngd_ration_init(&server->ration, server->options);
	qrngd_limiter_init(&server->limiter);
	if (qrngd_capacity(server->options, command->passed.count, &server->capacity) != 0)
		goto err_capacity;
	limit_connections(server);
	if (server->options->lokey != QRNGD_LOKEY_OFF) {
		server->lokey = qrngd_lokey_new(server->options, engine);
		if (!server->lokey)
			goto err_lokey;
	}
	if (qrngd_listeners_open(server) != 0 || qrngd_listeners_give(server, identity) != 0)
		goto err_listeners;
	configure(server);
	if (qrngd_fifos_open(&server->fifos, server->options, engine, identity) != 0)
		goto err_fifos;
	if (open_workers(server) != 0)
		goto err_workers;
	return 0;

err_workers:
err_fifos:
	qrngd_fifos_close(&server->fifos);
err_listeners:
	close_all(server);
	qrngd_lokey_free(server->lokey);
err_lokey:
err_capacity:
	qrngd_setup_drop(server->setup);
	qrngd_setup_drop(server->start);
	return -1;
}

struct qrngd_setup *qrngd_server_setup(struct qrngd_server *server)
{
	struct qrngd_setup *setup;

	pthread_mutex_lock(&server->setup_lock);
	setup = qrngd_setup_hold(server->setup);
	pthread_mutex_unlock(&server->setup_lock);
	return setup;
}

static bool all_took_it_up(struct qrngd_server *server)
{
	unsigned int number = atomic_load(&server->setup_number), i;

	for (i = 0; i < server->worker_count; i++)
		if (atomic_load(&server->workers[i].setup_number) != number)
			return false;
	return true;
}

/* So that who is told of a change meets it; but a thread that is busy holds nobody up. */
static void wait_for_workers(struct qrngd_server *server)
{
	uint64_t until_ms = qrngd_now_ms() + TAKE_UP_MS;

	while (!all_took_it_up(server) && qrngd_now_ms() < until_ms)
		usleep(100);
}

void qrngd_server_use(struct qrngd_server *server, struct qrngd_setup *setup)
{
	struct qrngd_setup *before = server->setup;
	unsigned int i;

	qrngd_ration_change(&server->ration, &setup->options);
	qrngd_log_use(setup->options.log_format);
	pthread_mutex_lock(&server->setup_lock);
	server->setup = setup;
	pthread_mutex_unlock(&server->setup_lock);
	limit_connections(server);
	atomic_fetch_add(&server->setup_number, 1);
	for (i = 0; i < server->worker_count; i++)
		qrngd_worker_wake(&server->workers[i]);
	wait_for_workers(server);
	qrngd_setup_drop(before);
}

void qrngd_server_call_main(struct qrngd_server *server)
{
	pthread_kill(server->main, SIGNAL_LOOK);
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

	if (server->service.asked)
		qrngd_server_call_main(server);
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

static void wait_for_end(struct qrngd_server *server)
{
	sigset_t set = signals_to_wait_for();

	while (atomic_load(&server->running)) {
		int number = qrngd_service_wait(&server->service, &set);

		qrngd_errands_run(server);
		qrngd_service_look(server);
		if (!number || number == SIGNAL_LOOK)
			continue;
		if (number == SIGHUP) {
			qrngd_control_reload(server);
			continue;
		}
		if (atomic_load(&server->stopping)) {
			qrngd_log("stopped at once by a second signal");
			_exit(EXIT_FAILURE);
		}
		qrngd_log("stopping; connections open: %u", atomic_load(&server->open));
		qrngd_service_stopping(server);
		unlink_sockets(server);
		stop_workers(server);
	}
}

/* What FIFOs and queues are filled by. Return: 0, or -1 after the stop has begun. */
static int start_feeders(struct qrngd_server *server)
{
	if (qrngd_fifos_start(&server->fifos) == 0 &&
	    (!server->lokey || qrngd_queues_start(server->lokey->queues) == 0))
		return 0;
	kill(getpid(), SIGTERM);
	return -1;
}

int qrngd_server_run(struct qrngd_server *server)
{
	unsigned int i;
	int ret;

	server->started_ms = qrngd_now_ms();
	start_workers(server);
	qrngd_events_listen(server->events, wake_feeding, server);
	for (i = 0; i < server->listener_count; i++)
		qrngd_listener_announce(&server->listeners[i]);
	ret = start_feeders(server);
	qrngd_service_ready(server);
	wait_for_end(server);
	qrngd_events_listen(server->events, NULL, NULL);
	for (i = 0; i < server->worker_count; i++)
		pthread_join(server->workers[i].thread, NULL);
	if (atomic_load(&server->cut))
		qrngd_log("connections cut off after %u s: %u", server->setup->options.drain_s,
			  atomic_load(&server->cut));
	return ret;
}

void qrngd_server_close(struct qrngd_server *server)
{
	qrngd_fifos_close(&server->fifos);
	close_all(server);
	qrngd_lokey_free(server->lokey);
	qrngd_setup_drop(server->setup);
	qrngd_setup_drop(server->start);
}

void qrngd_server_worker_ended(struct qrngd_server *server)
{
	atomic_fetch_sub(&server->running, 1);
	pthread_kill(server->main, SIGNAL_LOOK);
}
