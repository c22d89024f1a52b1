/* SPDX-License-Identifier: MIT */
/*
 * A queue of random bytes that are each handed out once, filled in the background.
 *
 * What is counted in items for clients is a stream of bytes here: an answer takes just as
 * many as it needs, whatever items they are in. Any thread may call anything.
 */
#ifndef QRNGD_QUEUE_H
#define QRNGD_QUEUE_H

#include <pthread.h>
#include <stdbool.h>

#include "lokey/ring.h"

/* How many items a queue may have, as LoKey allows them. */
#define QRNGD_QUEUE_ITEMS_MIN 10
#define QRNGD_QUEUE_ITEMS_MAX 1000000

/** enum qrngd_queue_kind - the queues there are */
enum qrngd_queue_kind {
	QRNGD_QUEUE_TRNG,    /* tested noise: items of 32 bytes */
	QRNGD_QUEUE_FORTUNA, /* output of the Fortuna generator: items of 256 bytes */
	QRNGD_QUEUE_VIRTIO,  /* for virtual machines: items of 32 bytes */
	QRNGD_QUEUES,
};

/** qrngd_queue_words - their names */
extern const char *const qrngd_queue_words[QRNGD_QUEUES];

struct qrngd_keeper;
struct qrngd_vault;

/**
 * struct qrngd_queue_source - where a queue's bytes come from
 * @draw: write @len bytes that nobody gets again, or none: 0, -EAGAIN when there are not so
 *	many yet, or another negative errno. Never waits; any thread calls it at any time
 * @data: given to it
 */
struct qrngd_queue_source {
	int (*draw)(void *data, uint8_t *to, size_t len);
	void *data;
};

/**
 * struct qrngd_queue_counts - in bytes, but for the first and the last
 * @polls: how often the source gave something
 * @generated: all that came in
 * @consumed: handed out
 * @dropped: pushed out by what came after them, or by a smaller size, or lost
 * @requests: how often something was handed out
 *
 * They are written with the queue's lock, and never become smaller.
 */
struct qrngd_queue_counts {
	_Atomic uint64_t polls;
	_Atomic uint64_t generated;
	_Atomic uint64_t consumed;
	_Atomic uint64_t dropped;
	_Atomic uint64_t requests;
};

/**
 * struct qrngd_queue - one queue
 * @kind: which
 * @item: bytes in an item
 * @lock: for all below
 * @ring: what there is
 * @counts: of this queue, in @own or where they outlive the process
 * @own: see @counts
 * @source: where more comes from
 * @vault: what the disk has of it, NULL: nothing
 * @keeper: who fills it, NULL: nobody does
 * @resting: it was full when the keeper looked, who will not look again unless told
 * @low: the keeper was told that less than half is left
 */
struct qrngd_queue {
	enum qrngd_queue_kind kind;
	size_t item;
	pthread_mutex_t lock;
	struct qrngd_ring ring;
	struct qrngd_queue_counts *counts;
	struct qrngd_queue_counts own;
	struct qrngd_queue_source source;
	struct qrngd_vault *vault;
	struct qrngd_keeper *keeper;
	bool resting;
	bool low;
};

/**
 * struct qrngd_queue_figures - one look at a queue, consistent in itself; LoKey's names
 * @polling_count: how often the source gave something
 * @queue_current: items there are; one that was begun counts
 * @queue_capacity: items it can hold
 * @queue_percentage: of it that is full, 0 to 100
 * @queue_dropped: items dropped
 * @consumed_count: items handed out
 * @total_generated: items that came in
 * @requests: how often something was handed out
 * @bytes: there are
 * @bytes_consumed: handed out
 */
struct qrngd_queue_figures {
	uint64_t polling_count;
	uint64_t queue_current;
	uint64_t queue_capacity;
	double queue_percentage;
	uint64_t queue_dropped;
	uint64_t consumed_count;
	uint64_t total_generated;
	uint64_t requests;
	uint64_t bytes;
	uint64_t bytes_consumed;
};

/**
 * qrngd_queue_init() - make an empty queue
 * @queue: filled in
 * @kind: which
 * @items: how many it can hold, from %QRNGD_QUEUE_ITEMS_MIN to %QRNGD_QUEUE_ITEMS_MAX
 * @source: where its bytes come from
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_queue_init(struct qrngd_queue *queue, enum qrngd_queue_kind kind, uint32_t items,
		     const struct qrngd_queue_source *source);

/**
 * qrngd_queue_take() - hand out, and have no more
 * @queue: the queue
 * @skip: items that are passed over, and are gone, too, as far as there are so many
 * @to: where the bytes go
 * @len: how many
 * @there: on -EAGAIN, how many there are
 *
 * What the queue lacks is asked of the source at once, so that one that makes bytes as
 * fast as they are wanted never lets anybody wait.
 *
 * Return: 0; -EAGAIN when there are not so many; another negative errno of the source. On
 * an error nothing is gone, and nothing is in @to.
 */
int qrngd_queue_take(struct qrngd_queue *queue, uint32_t skip, uint8_t *to, size_t len,
		     size_t *there);

/**
 * qrngd_queue_peek() - hand out what the next one gets, too
 * @queue: the queue
 * @skip: items that are passed over
 * @to: where the bytes go
 * @len: how many, and never more than the queue holds
 * @there: on -EAGAIN, how many there are
 *
 * Return: as qrngd_queue_take().
 */
int qrngd_queue_peek(struct qrngd_queue *queue, uint32_t skip, uint8_t *to, size_t len,
		     size_t *there);

/**
 * qrngd_queue_push() - lay in
 * @queue: the queue
 * @bytes: what, for nobody else
 * @len: how many; where there is no room, the oldest are dropped
 */
void qrngd_queue_push(struct qrngd_queue *queue, const uint8_t *bytes, size_t len);

/**
 * qrngd_queue_resize() - hold another number of items from now on
 * @queue: the queue
 * @items: how many; the newest that fit are kept, and counters go on
 *
 * Return: 0, or -ENOMEM; then all is as it was.
 */
int qrngd_queue_resize(struct qrngd_queue *queue, uint32_t items);

/** qrngd_queue_figures() - look at a queue; @figures is filled in */
void qrngd_queue_figures(struct qrngd_queue *queue, struct qrngd_queue_figures *figures);

/**
 * qrngd_queue_poll() - have the source give something, as far as there is room
 * @queue: the queue
 * @most: bytes, at most; whole items are drawn
 *
 * Return: bytes that came, 0 when it is full; or a negative errno of the source.
 */
int qrngd_queue_poll(struct qrngd_queue *queue, size_t most);

/**
 * qrngd_queue_recall() - go on from what an earlier process has left
 * @queue: the queue, empty
 * @counts: its counters, which are used from now on
 * @vault: what the disk has of it, NULL: nothing
 *
 * What was there then and is not there now counts as dropped.
 */
void qrngd_queue_recall(struct qrngd_queue *queue, struct qrngd_queue_counts *counts,
			struct qrngd_vault *vault);

/** qrngd_queue_close() - wipe all there is */
void qrngd_queue_close(struct qrngd_queue *queue);

#endif /* QRNGD_QUEUE_H */
