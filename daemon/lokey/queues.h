/* SPDX-License-Identifier: MIT */
/*
 * All of LoKey's queues, the thread that fills them, and what is known of the noise in
 * them.
 */
#ifndef QRNGD_QUEUES_H
#define QRNGD_QUEUES_H

#include "engine.h"
#include "lokey/keeper.h"
#include "lokey/ledger.h"
#include "lokey/quality.h"

/** enum qrngd_virtio_feed - what the queue for virtual machines is filled from */
enum qrngd_virtio_feed {
	QRNGD_VIRTIO_TRNG,
	QRNGD_VIRTIO_FORTUNA,
	QRNGD_VIRTIO_BOTH, /* in turn; from one alone while the other has nothing */
	QRNGD_VIRTIO_FEEDS,
};

/** qrngd_virtio_feed_words - their names */
extern const char *const qrngd_virtio_feed_words[];

/**
 * struct qrngd_queues_config - how to begin
 * @items: of each queue, %QRNGD_QUEUE_ITEMS_MIN to %QRNGD_QUEUE_ITEMS_MAX
 * @poll_ms: how often each is filled up, %QRNGD_POLL_MS_MIN to %QRNGD_POLL_MS_MAX
 * @feed: see enum qrngd_virtio_feed
 * @apt_window: %QRNGD_APT_WINDOW_MIN to %QRNGD_APT_WINDOW_MAX
 * @store: directory of what shall outlive the process, NULL: nothing shall
 * @persist: noise shall, too; not the other queues' bytes, which are made in no time
 * @store_key: file of the key that it is encrypted with, see qrngd_seal_key_read()
 * @engine: where noise comes from
 * @fortuna: the Fortuna generator
 */
struct qrngd_queues_config {
	uint32_t items[QRNGD_QUEUES];
	uint32_t poll_ms[QRNGD_QUEUES];
	enum qrngd_virtio_feed feed;
	unsigned int apt_window;
	const char *store;
	bool persist;
	const char *store_key;
	struct qrngd_engine *engine;
	struct qrngd_queue_source fortuna;
};

/**
 * struct qrngd_queues - all there is, to be had from qrngd_queues_open() only
 * @queues: by their kind
 * @keeper: fills them
 * @ledger: what outlives the process; only if @kept
 * @kept: there is a store
 * @config: how it all began; its store's path is kept, too
 * @quality: of all noise that was drawn for them
 * @feed: what the queue for virtual machines is filled from
 * @turn: whose turn it is with both
 * @consume: what is handed out is gone
 */
struct qrngd_queues {
	struct qrngd_queue queues[QRNGD_QUEUES];
	struct qrngd_keeper keeper;
	struct qrngd_ledger ledger;
	bool kept;
	struct qrngd_queues_config config;
	struct qrngd_quality quality;
	_Atomic unsigned int feed;
	_Atomic unsigned int turn;
	_Atomic bool consume;
};

/**
 * qrngd_queues_open() - make the queues
 * @config: how; not needed afterwards, but for what it points to
 *
 * What clients have changed while an earlier process ran holds on, unless the configuration
 * has been changed since.
 *
 * Return: the queues; NULL after a line has said why not.
 */
struct qrngd_queues *qrngd_queues_open(const struct qrngd_queues_config *config);

/**
 * qrngd_queues_start() - begin to fill them, in a thread
 * @queues: the queues
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_queues_start(struct qrngd_queues *queues);

/** qrngd_queues_close() - stop that, wipe and free all; NULL is fine */
void qrngd_queues_close(struct qrngd_queues *queues);

/**
 * qrngd_queues_read() - hand out bytes, which are gone then unless set otherwise
 * @queues: the queues
 * @kind: from which
 * @skip: items that are passed over
 * @to: where the bytes go
 * @len: how many
 * @there: on -EAGAIN, how many there are
 *
 * Return: as qrngd_queue_take() or qrngd_queue_peek(), one of which it is.
 */
int qrngd_queues_read(struct qrngd_queues *queues, enum qrngd_queue_kind kind, uint32_t skip,
		      uint8_t *to, size_t len, size_t *there);

/**
 * qrngd_queues_resize() - hold another number of items from now on
 * @queues: the queues
 * @kind: which of them
 * @items: how many
 *
 * This and all that follows holds on for the processes to come, too, if there is a store.
 *
 * Return: as qrngd_queue_resize().
 */
int qrngd_queues_resize(struct qrngd_queues *queues, enum qrngd_queue_kind kind, uint32_t items);

/** qrngd_queues_set_consume() - is what is handed out gone? */
void qrngd_queues_set_consume(struct qrngd_queues *queues, bool consume);

/** qrngd_queues_set_feed() - fill the queue for virtual machines from there; now */
void qrngd_queues_set_feed(struct qrngd_queues *queues, enum qrngd_virtio_feed feed);

#endif /* QRNGD_QUEUES_H */
