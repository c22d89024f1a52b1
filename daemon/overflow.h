/* SPDX-License-Identifier: MIT */
/* Connections that come when there is no room: each is told so at once and closed. */
#ifndef QRNGD_OVERFLOW_H
#define QRNGD_OVERFLOW_H

#include <pthread.h>
#include <stdint.h>

#include "connection.h"
#include "face.h"
#include "passed.h"

/**
 * struct qrngd_door - what all threads share
 * @lock: held while a descriptor is taken for a connection, so that a spare one stays one
 * @said_ms: when a line told last that connections are refused; 0: never
 */
struct qrngd_door {
	pthread_mutex_t lock;
	_Atomic uint64_t said_ms;
};

/**
 * struct qrngd_overflow - what a thread has for them
 * @door: shared
 * @spare: a descriptor that stands for one of theirs when there are no others; -1: none
 * @refused: how many there were; others look at it
 */
struct qrngd_overflow {
	struct qrngd_door *door;
	int spare;
	_Atomic uint64_t refused;
};

/**
 * qrngd_overflow_init() - set a descriptor aside
 * @overflow: the thread's
 * @door: what all threads share
 *
 * Return: 0, or -1 when there is no descriptor.
 */
int qrngd_overflow_init(struct qrngd_overflow *overflow, struct qrngd_door *door);

/** qrngd_overflow_close() - give the descriptor back */
void qrngd_overflow_close(struct qrngd_overflow *overflow);

/**
 * qrngd_overflow_refuse() - accept those that wait, answer them 503 and close, a handful at a time
 * @overflow: the thread's
 * @listener: the listening socket's descriptor
 * @kind: what is spoken there; over TLS the answer is an alert, as there was no handshake
 * @face: the interface that is there, whose errors look like this
 * @reason: %QRNGD_ACCEPT_FULL or %QRNGD_ACCEPT_STARVED
 *
 * Nothing is waited for, nothing is allocated and nobody's request is read to its end. A line is
 * said once a minute at most.
 *
 * Return: %QRNGD_ACCEPT_MORE or %QRNGD_ACCEPT_EMPTY; %QRNGD_ACCEPT_STARVED: not even this is
 * possible now.
 */
enum qrngd_accepted qrngd_overflow_refuse(struct qrngd_overflow *overflow, int listener,
					  enum qrngd_listener_kind kind, enum qrngd_face face,
					  enum qrngd_accepted reason);

#endif /* QRNGD_OVERFLOW_H */
