/* SPDX-License-Identifier: MIT */
/*
 * The connections of one thread: accepted up to a limit, and given up when their
 * peers take nothing any more, or send what no request can be.
 */
#ifndef QRNGD_CONNECTION_H
#define QRNGD_CONNECTION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "h2o_compat.h"

/* Bytes that wait to be a request: a head, and what a socket's buffer held behind it. */
#define QRNGD_INPUT_MAX ((size_t)96 * 1024)

/**
 * struct qrngd_connections - the connections of one thread
 * @open: over all threads; shared
 * @door: held while a descriptor is taken for one; shared
 * @max: where no more are accepted; sockets of several threads may go one each beyond it
 * @list: of struct qrngd_connection; the one that was looked over longest ago comes first
 * @count: on this thread
 * @stall_ms: a connection whose peer has taken nothing for so long is given up
 * @next: the one whose input is looked at next; in @list, or its anchor
 * @looked_ms: when inputs were last looked at
 */
struct qrngd_connections {
	_Atomic unsigned int *open;
	pthread_mutex_t *door;
	unsigned int max;
	h2o_linklist_t list;
	unsigned int count;
	uint64_t stall_ms;
	h2o_linklist_t *next;
	uint64_t looked_ms;
};

/** enum qrngd_accepted - how accepting ended */
enum qrngd_accepted {
	QRNGD_ACCEPT_MORE,    /* somebody may still be waiting */
	QRNGD_ACCEPT_EMPTY,   /* nobody is */
	QRNGD_ACCEPT_FULL,    /* the limit is reached */
	QRNGD_ACCEPT_STARVED, /* the kernel is out of descriptors or memory */
};

/** qrngd_accepted_of() - what an error of accept4() means */
enum qrngd_accepted qrngd_accepted_of(int err);

/**
 * qrngd_connections_init() - start with none
 * @connections: the thread's connections
 * @open: the counter all threads share
 * @door: the lock all threads share
 *
 * Its limits are to be set, too.
 */
void qrngd_connections_init(struct qrngd_connections *connections, _Atomic unsigned int *open,
			    pthread_mutex_t *door);

/**
 * qrngd_connections_accept() - accept those that wait, a handful at a time
 * @connections: the thread's connections
 * @listener: the listening socket
 * @accept: where the library is told to go on with them
 * @admin: a unix socket for root and our own user; others are turned away, and for these
 *	there is no limit
 */
enum qrngd_accepted qrngd_connections_accept(struct qrngd_connections *connections,
					     h2o_socket_t *listener, h2o_accept_ctx_t *accept,
					     bool admin);

/**
 * qrngd_connections_reserve() - take the place of a connection that is no socket
 * @connections: the thread's connections
 *
 * Return: whether the limit left one.
 */
bool qrngd_connections_reserve(struct qrngd_connections *connections);

/** qrngd_connections_release() - give a place back */
void qrngd_connections_release(struct qrngd_connections *connections);

/**
 * qrngd_connections_sweep() - give up those whose peers are up to no good
 * @connections: the thread's connections
 * @now_ms: qrngd_now_ms()
 *
 * The library ends connections that are idle, or slow to ask, long before that; what
 * is left are peers that don't take their answer: at the socket, or by HTTP/2's flow
 * control. And it takes 400 KiB for the head of a request, for which there is no
 * setting: who sends more than %QRNGD_INPUT_MAX without being understood is cut off. Few
 * are looked over at a time, however many there are.
 *
 * Return: milliseconds until this must be called again, or INT32_MAX.
 */
int32_t qrngd_connections_sweep(struct qrngd_connections *connections, uint64_t now_ms);

#endif /* QRNGD_CONNECTION_H */
