/* SPDX-License-Identifier: MIT */
/* The server: listeners, configuration of the library, threads, signals. */
#ifndef QRNGD_SERVER_H
#define QRNGD_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "capacity.h"
#include "command.h"
#include "engine.h"
#include "errand.h"
#include "events.h"
#include "fifo.h"
#include "h2o_compat.h"
#include "identity.h"
#include "limiter.h"
#include "listener.h"
#include "lokey/service.h"
#include "options.h"
#include "overflow.h"
#include "ration.h"
#include "service.h"
#include "setup.h"
#include "worker.h"

/**
 * struct qrngd_server - one for the process
 * @command: the command line, for when settings are loaded again
 * @start: what it was started with
 * @options: of @start; those that can't change until the next start hold
 * @setup: what holds now; changed by the main thread only
 * @setup_lock: for who takes @setup up
 * @setup_number: another one each time
 * @turn: another one each time the service manager's watch asks whether all loops turn
 * @service: what the service manager is told
 * @errands: what requests ask of the main thread
 * @engine: what all supplies are seeded from
 * @events: what befell the engine's sources and generator
 * @ration: the quota of raw noise
 * @limiter: what each address may have
 * @lokey: the services of LoKey, NULL without them
 * @fifos: what is fed besides
 * @config: the library's configuration, read only once threads run
 * @hosts: of @config; each serves the listeners of one interface
 * @admin_host: of @config; it serves the admin socket and nothing else
 * @listeners: one for each address
 * @listener_count: how many
 * @workers: one for each thread
 * @worker_count: how many
 * @capacity: how many connections the process can bear
 * @max_connections: what the limits of files and memory leave of the option
 * @started_ms: when the server came up
 * @main: the thread that takes the signals
 * @open: connections over all threads
 * @door: by which connections come in
 * @http3_key: of the IDs of connections by HTTP/3
 * @ready: passed by all once every worker can be woken
 * @running: workers that have not ended
 * @stopping: no more is accepted
 * @cut: connections that the end of the drain cut off
 */
struct qrngd_server {
	const struct qrngd_command *command;
	struct qrngd_setup *start;
	const struct qrngd_options *options;
	struct qrngd_setup *setup;
	pthread_mutex_t setup_lock;
	_Atomic unsigned int setup_number;
	_Atomic unsigned int turn;
	struct qrngd_service service;
	struct qrngd_errands errands;
	struct qrngd_engine *engine;
	struct qrngd_events *events;
	struct qrngd_ration ration;
	struct qrngd_limiter limiter;
	struct qrngd_lokey *lokey;
	struct qrngd_fifos fifos;
	h2o_globalconf_t config;
	h2o_hostconf_t *hosts[QRNGD_FACES];
	h2o_hostconf_t *admin_host;
	struct qrngd_listener listeners[QRNGD_LISTENERS_MAX];
	unsigned int listener_count;
	struct qrngd_worker *workers;
	unsigned int worker_count;
	struct qrngd_capacity capacity;
	_Atomic unsigned int max_connections;
	uint64_t started_ms;
	pthread_t main;
	_Atomic unsigned int open;
	struct qrngd_door door;
	unsigned char http3_key[QRNGD_HTTP3_KEY_SIZE];
	pthread_barrier_t ready;
	_Atomic unsigned int running;
	_Atomic bool stopping;
	_Atomic unsigned int cut;
};

/**
 * qrngd_server_block_signals() - keep the signals of qrngd_server_run() for it
 *
 * To be called before there is a second thread, which would inherit another mask.
 */
void qrngd_server_block_signals(void);

/** qrngd_server_generators() - how many generators there will be, that of the engine among them */
unsigned int qrngd_server_generators(const struct qrngd_options *options);

/**
 * qrngd_server_open() - bind and set up everything, without answering yet
 * @server: zeroed memory
 * @command: the command line; kept
 * @setup: what to start with
 * @engine: the engine; kept
 * @events: of the engine; kept
 * @identity: whose the unix sockets and FIFOs shall be that are made
 *
 * No thread is started, as what is given up after this has to hold for all of them.
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_server_open(struct qrngd_server *server, const struct qrngd_command *command,
		      struct qrngd_setup *setup, struct qrngd_engine *engine,
		      struct qrngd_events *events, const struct qrngd_identity *identity);

/**
 * qrngd_server_use() - let another setup hold from now on; for the main thread
 * @server: the server
 * @setup: taken over; threads take it up between two rounds of their loops
 */
void qrngd_server_use(struct qrngd_server *server, struct qrngd_setup *setup);

/**
 * qrngd_server_setup() - what holds now; for any thread
 * @server: the server
 *
 * Return: the setup, held for the caller.
 */
struct qrngd_setup *qrngd_server_setup(struct qrngd_server *server);

/** qrngd_server_call_main() - make the main thread look for errands */
void qrngd_server_call_main(struct qrngd_server *server);

/**
 * qrngd_server_run() - answer until SIGTERM or SIGINT, then finish what is under way
 * @server: the server
 *
 * A second signal ends the process at once, with status 1, and so does a worker's thread
 * that cannot be started, after a line has said so.
 *
 * Return: 0, or -1 if it stopped because another thread could not be started.
 */
int qrngd_server_run(struct qrngd_server *server);

/**
 * qrngd_server_close() - wipe the threads' secrets and remove unix sockets
 * @server: the server
 *
 * The library's own memory is left to the end of the process.
 */
void qrngd_server_close(struct qrngd_server *server);

/**
 * qrngd_server_worker_ended() - the last act of a worker's thread
 * @server: the server
 */
void qrngd_server_worker_ended(struct qrngd_server *server);

#endif /* QRNGD_SERVER_H */
