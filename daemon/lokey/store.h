/* SPDX-License-Identifier: MIT */
/*
 * What outlives the process: a directory with a database (LMDB), and a page of counters.
 *
 * The database is written about once a second and survives a power cut. The page is memory
 * that is shared with the kernel: what is counted there is safe from whatever befalls the
 * process at once. One process at a time has the directory; within it one thread at a
 * time has a transaction, others wait.
 */
#ifndef QRNGD_STORE_H
#define QRNGD_STORE_H

#include <lmdb.h>
#include <pthread.h>
#include <stdbool.h>

#include "lokey/entry.h"
#include "lokey/queue.h"

/**
 * struct qrngd_store - the open store
 * @path: of the directory
 * @lock_fd: the page's file, locked
 * @page: the counters of each queue, in memory
 * @env: the database
 * @dbi: its one table
 * @lock: held from qrngd_store_begin() to qrngd_store_end()
 * @txn: between them
 * @err: what went wrong in it first, 0: nothing
 * @failing: a line has said that it can't be written
 */
struct qrngd_store {
	const char *path;
	int lock_fd;
	struct qrngd_page *page;
	MDB_env *env;
	MDB_dbi dbi;
	pthread_mutex_t lock;
	MDB_txn *txn;
	int err;
	_Atomic bool failing;
};

/**
 * qrngd_store_open() - open a store, or make an empty one
 * @store: filled in
 * @path: of its directory, which nobody else may enter; made if there is none. Kept
 *
 * It is read through once, by a process of its own, which a damaged one may bring down.
 *
 * Return: 0, or -1 after a line has said what is wrong, and what can be done.
 */
int qrngd_store_open(struct qrngd_store *store, const char *path);

/**
 * qrngd_store_counts() - the counters of a queue
 * @store: the store
 * @queue: which
 *
 * Return: where they are; as they were when the last process ended, however it did.
 */
struct qrngd_queue_counts *qrngd_store_counts(struct qrngd_store *store,
					      enum qrngd_queue_kind queue);

/** qrngd_store_begin() - begin a transaction, which must be ended */
void qrngd_store_begin(struct qrngd_store *store);

/**
 * qrngd_store_get() - look an entry up, in a transaction
 * @store: the store
 * @entry: its type, queue and number; the rest is filled in, until the transaction ends
 *
 * Return: whether it is there.
 */
bool qrngd_store_get(struct qrngd_store *store, struct qrngd_entry *entry);

/** qrngd_store_put() - write an entry, in a transaction; it may be there */
void qrngd_store_put(struct qrngd_store *store, const struct qrngd_entry *entry);

/**
 * qrngd_store_trim() - delete segments, in a transaction
 * @store: the store
 * @queue: whose
 * @from: the first to go
 * @to: the first to stay
 */
void qrngd_store_trim(struct qrngd_store *store, enum qrngd_queue_kind queue, uint64_t from,
		      uint64_t to);

/**
 * qrngd_store_end() - write what there is in a transaction, all of it or nothing
 * @store: the store
 *
 * A failure is said when it is the first after a success, and tried again next time.
 *
 * Return: 0, or -1 when nothing of it was written.
 */
int qrngd_store_end(struct qrngd_store *store);

/**
 * qrngd_store_setting() - a setting that was made while the daemon ran
 * @store: the store
 * @which: enum qrngd_stored
 * @configured: what it is by the operator's configuration
 *
 * Return: what was made of it; @configured if nothing was, or if that has changed since.
 */
uint64_t qrngd_store_setting(struct qrngd_store *store, unsigned int which, uint64_t configured);

/**
 * qrngd_store_set() - keep a setting
 * @store: the store
 * @which: enum qrngd_stored
 * @configured: what it is by the operator's configuration
 * @value: what it is now
 *
 * Return: 0, or -1 when it could not be written.
 */
int qrngd_store_set(struct qrngd_store *store, unsigned int which, uint64_t configured,
		    uint64_t value);

/** qrngd_store_size() - what the store takes on the disk, in bytes */
uint64_t qrngd_store_size(const struct qrngd_store *store);

/** qrngd_store_close() - close it, and let others have it */
void qrngd_store_close(struct qrngd_store *store);

#endif /* QRNGD_STORE_H */
