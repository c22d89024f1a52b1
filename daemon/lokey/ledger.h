/* SPDX-License-Identifier: MIT */
/*
 * What the store is told of the queues: their counters, what was used each day, and what
 * of their bytes is for the next process.
 */
#ifndef QRNGD_LEDGER_H
#define QRNGD_LEDGER_H

#include "lokey/store.h"

/** enum qrngd_stored - settings that clients may change, by their number in the store */
enum qrngd_stored {
	QRNGD_STORED_ITEMS = 0, /* of a queue: its number is added */
	QRNGD_STORED_FEED = 16,
	QRNGD_STORED_CONSUME = 17,
};

/**
 * struct qrngd_usage_of_day - of one queue on one day
 * @day: since 1970, UTC
 * @requests: on it
 * @bytes: handed out
 */
struct qrngd_usage_of_day {
	uint64_t day;
	uint64_t requests;
	uint64_t bytes;
};

/**
 * struct qrngd_ledger - what has been told already
 * @store: the store
 * @queues: all of them
 * @told: the counters of each, as the store has them
 * @lock: for @today
 * @today: what was used of each, as the store has it
 */
struct qrngd_ledger {
	struct qrngd_store store;
	struct qrngd_queue *queues;
	uint64_t told[QRNGD_QUEUES][QRNGD_ENTRY_COUNTS];
	pthread_mutex_t lock;
	struct qrngd_usage_of_day today[QRNGD_QUEUES];
};

/**
 * qrngd_ledger_open() - open the store
 * @ledger: filled in
 * @path: of the store's directory; kept
 * @queues: all of them; kept
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_ledger_open(struct qrngd_ledger *ledger, const char *path, struct qrngd_queue *queues);

/** qrngd_ledger_settle() - tell what has changed; by one thread at a time */
void qrngd_ledger_settle(struct qrngd_ledger *ledger);

/**
 * qrngd_ledger_today() - what was used today, up to a second ago; never waits for the disk
 * @ledger: the ledger
 * @queue: which queue's
 * @usage: filled in
 */
void qrngd_ledger_today(struct qrngd_ledger *ledger, enum qrngd_queue_kind queue,
			struct qrngd_usage_of_day *usage);

/** qrngd_ledger_close() - tell the last, and close the store */
void qrngd_ledger_close(struct qrngd_ledger *ledger);

#endif /* QRNGD_LEDGER_H */
