/* SPDX-License-Identifier: MIT */
/*
 * The connections of one thread: accepted up to a limit, and given up when their
 * peers take nothing any more.
 */
#ifndef QRNGD_CONNECTION_H
#define QRNGD_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "h2o_compat.h"

/**
 * struct qrngd_connections - the connections of one thread
 * @open: over all threads; shared
 * @max: the most that @open may become
 * @list: of struct qrngd_connection
 * @count: on this thread
 * @stall_ms: a connection whose peer has taken nothing for so long is given up
 * @swept_ms: when they were last looked over
 */
struct qrngd_connections {
	_Atomic unsigned int *open;
	unsigned int max;
	h2o_linklist_t list;
	unsigned int count;
	uint64_t stall_ms;
	uint64_t swept_ms;
};

/** enum qrngd_accepted - how accepting ended */
enum qrngd_accepted {
	QRNGD_ACCEPT_MORE,    /* somebody may still be waiting */
	QRNGD_ACCEPT_EMPTY,   /* nobody is */
	QRNGD_ACCEPT_FULL,    /* the limit is reached */
	QRNGD_ACCEPT_STARVED, /* the kernel is out of descriptors or memory */
};

/**
 * qrngd_connections_init() - start with none
 * @connections: the thread's connections
 * @open: the counter all threads share
 * @max: the most connections over all threads
 * @stall_ms: how long a connection may stand still
 */
void qrngd_connections_init(struct qrngd_connections *connections, _Atomic unsigned int *open,
			    unsigned int max, uint64_t stall_ms);

/**
 * qrngd_connections_accept() - accept those that wait, a handful at a time
 * @connections: the thread's connections
 * @listener: the listening socket
 * @accept: where the library is told to go on with them
 */
enum qrngd_accepted qrngd_connections_accept(struct qrngd_connections *connections,
					     h2o_socket_t *listener, h2o_accept_ctx_t *accept);

/**
 * qrngd_connections_sweep() - give up those whose peers take nothing
 * @connections: the thread's connections
 * @now_ms: qrngd_now_ms()
 *
 * The library ends connections that are idle, or slow to ask, long before that; what
 * is left are peers that don't take their answer: at the socket, or by HTTP/2's flow
 * control.
 *
 * Return: milliseconds until this must be called again, or INT32_MAX.
 */
int32_t qrngd_connections_sweep(struct qrngd_connections *connections, uint64_t now_ms);

#endif /* QRNGD_CONNECTION_H */
