/* SPDX-License-Identifier: MIT */
/*
 * The thread that keeps the queues full. While all of them are it sleeps, until somebody
 * takes something.
 */
#ifndef QRNGD_KEEPER_H
#define QRNGD_KEEPER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "lokey/queue.h"

/* How often a queue that is not full is filled up, in milliseconds, as LoKey allows it. */
#define QRNGD_POLL_MS_MIN 100
#define QRNGD_POLL_MS_MAX 60000

/**
 * struct qrngd_charge - one queue in the care of the keeper; its thread's alone
 * @queue: the queue
 * @interval_ms: between two rounds, while more than half of the queue is left
 * @round_ms: when the last round began
 * @due_ms: when to ask its source again, %QRNGD_NEVER: when told
 * @failed: the source gave nothing then; whoever is told to hurry can't
 * @pause_ms: how long to wait for a source that has not so much yet
 * @batch: bytes to ask for; fewer from a slow source
 */
struct qrngd_charge {
	struct qrngd_queue *queue;
	uint32_t interval_ms;
	uint64_t round_ms;
	uint64_t due_ms;
	bool failed;
	uint32_t pause_ms;
	size_t batch;
};

#define QRNGD_NEVER UINT64_MAX

/**
 * struct qrngd_keeper - the thread
 * @thread: the thread
 * @running: it was started
 * @lock: for @woken and @stopping
 * @work: one of them was set
 * @woken: a queue has room again
 * @stopping: the thread shall end
 * @charges: the queues
 * @count: how many
 * @settle: writes down what has changed, about once a second while something does; NULL:
 *	nobody wants to know
 * @data: given to it
 * @settle_ms: when to do so, %QRNGD_NEVER: when something changes
 */
struct qrngd_keeper {
	pthread_t thread;
	bool running;
	pthread_mutex_t lock;
	pthread_cond_t work;
	bool woken;
	bool stopping;
	struct qrngd_charge charges[QRNGD_QUEUES];
	unsigned int count;
	void (*settle)(void *data);
	void *data;
	uint64_t settle_ms;
};

/**
 * qrngd_keeper_init() - with no queue to care for
 * @keeper: filled in
 * @settle: see struct qrngd_keeper
 * @data: given to it
 */
void qrngd_keeper_init(struct qrngd_keeper *keeper, void (*settle)(void *data), void *data);

/**
 * qrngd_keeper_add() - care for one more queue; before the thread is started
 * @keeper: the keeper
 * @queue: the queue
 * @interval_ms: from %QRNGD_POLL_MS_MIN to %QRNGD_POLL_MS_MAX
 *
 * A queue of which more than half is left is filled up this often; one that has less, or
 * from which more was wanted, at once.
 */
void qrngd_keeper_add(struct qrngd_keeper *keeper, struct qrngd_queue *queue, uint32_t interval_ms);

/**
 * qrngd_keeper_start() - begin
 * @keeper: the keeper, with its queues
 *
 * Return: 0, or -1 when there is no thread to be had.
 */
int qrngd_keeper_start(struct qrngd_keeper *keeper);

/** qrngd_keeper_wake() - have a look at the queues; any thread may say so */
void qrngd_keeper_wake(struct qrngd_keeper *keeper);

/** qrngd_keeper_stop() - end the thread, if it runs, and wait for that */
void qrngd_keeper_stop(struct qrngd_keeper *keeper);

#endif /* QRNGD_KEEPER_H */
