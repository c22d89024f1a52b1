/* SPDX-License-Identifier: MIT */
/* The server: listeners, configuration of the library, threads, signals. */
#ifndef QRNGD_SERVER_H
#define QRNGD_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine.h"
#include "events.h"
#include "h2o_compat.h"
#include "listener.h"
#include "options.h"
#include "ration.h"
#include "sign.h"
#include "worker.h"

/**
 * struct qrngd_server - one for the process
 * @options: the command line
 * @engine: what all supplies are seeded from
 * @events: what befell the engine's sources and generator
 * @signer: the key of signed answers
 * @ration: the quota of raw noise
 * @public_log: where statements of signed answers go, -1: nowhere
 * @config: the library's configuration, read only once threads run
 * @listeners: one for each --listen
 * @listener_count: how many
 * @workers: one for each thread
 * @worker_count: how many
 * @max_connections: what the limits of files and memory leave of the option
 * @started_ms: when the server came up
 * @main: the thread that takes the signals
 * @open: connections over all threads
 * @deaf: workers that wait for @open to fall
 * @ready: passed by all once every worker can be woken
 * @running: workers that have not ended
 * @stopping: no more is accepted
 * @cut: connections that the end of the drain cut off
 */
struct qrngd_server {
	const struct qrngd_options *options;
	struct qrngd_engine *engine;
	struct qrngd_events *events;
	struct qrngd_signer signer;
	struct qrngd_ration ration;
	int public_log;
	h2o_globalconf_t config;
	struct qrngd_listener listeners[QRNGD_LISTEN_MAX];
	unsigned int listener_count;
	struct qrngd_worker *workers;
	unsigned int worker_count;
	unsigned int max_connections;
	uint64_t started_ms;
	pthread_t main;
	_Atomic unsigned int open;
	_Atomic unsigned int deaf;
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

/**
 * qrngd_server_open() - bind and set up everything, without answering yet
 * @server: zeroed memory
 * @options: the command line; kept
 * @engine: the engine; kept
 * @events: of the engine; kept
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_server_open(struct qrngd_server *server, const struct qrngd_options *options,
		      struct qrngd_engine *engine, struct qrngd_events *events);

/**
 * qrngd_server_run() - answer until SIGTERM or SIGINT, then finish what is under way
 * @server: the server
 *
 * A second signal ends the process at once, with status 1, and so does a thread that
 * cannot be started, after a line has said so.
 */
void qrngd_server_run(struct qrngd_server *server);

/**
 * qrngd_server_close() - wipe the threads' secrets and remove unix sockets
 * @server: the server
 *
 * The library's own memory is left to the end of the process.
 */
void qrngd_server_close(struct qrngd_server *server);

/**
 * qrngd_server_has_room() - may one more connection be accepted?
 * @server: the server
 */
bool qrngd_server_has_room(const struct qrngd_server *server);

/**
 * qrngd_server_wake_deaf() - let workers that stopped accepting look again
 * @server: the server
 */
void qrngd_server_wake_deaf(struct qrngd_server *server);

/**
 * qrngd_server_worker_ended() - the last act of a worker's thread
 * @server: the server
 */
void qrngd_server_worker_ended(struct qrngd_server *server);

#endif /* QRNGD_SERVER_H */
