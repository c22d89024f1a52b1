// SPDX-License-Identifier: MIT
#include "queue.h"

#include <errno.h>
#include <string.h>

#include "count.h"
#include "host.h"
#include "lokey/keeper.h"
#include "lokey/vault.h"

/* What is drawn at a time; small on a stack. */
#define DRAW_MAX 4096

const char *const qrngd_queue_words[QRNGD_QUEUES] = { "trng", "fortuna", "virtio" };

static const size_t item_sizes[QRNGD_QUEUES] = { 32, 256, 32 };

int qrngd_queue_init(struct qrngd_queue *queue, enum qrngd_queue_kind kind, uint32_t items,
		     const struct qrngd_queue_source *source)
{
	memset(queue, 0, sizeof(*queue));
	queue->kind = kind;
	queue->item = item_sizes[kind];
	queue->counts = &queue->own;
	queue->source = *source;
	if (qrngd_ring_init(&queue->ring, items * queue->item) != 0)
		return -1;
	pthread_mutex_init(&queue->lock, NULL);
	return 0;
}

/* With the lock. Return: whether the keeper is to be told that there is room again. */
static bool note_room(struct qrngd_queue *queue)
{
	size_t room = qrngd_ring_room(&queue->ring);
	bool news = false;

	if (queue->resting) {
		queue->resting = false;
		news = true;
	}
	if (!queue->low && room > queue->ring.size / 2) {
		queue->low = true;
		news = true;
	}
	return news;
}

/* Without the lock. */
static void tell(struct qrngd_queue *queue, bool news)
{
	if (news && queue->keeper)
		qrngd_keeper_wake(queue->keeper);
}

/* With the lock. Return: bytes there are behind those that are passed over. */
static size_t behind(const struct qrngd_queue *queue, size_t passed)
{
	size_t used = qrngd_ring_used(&queue->ring);

	return used > passed ? used - passed : 0;
}

/* With the lock. Return: whether bytes may be handed out; otherwise fewer are there now. */
static bool released(struct qrngd_queue *queue, size_t len)
{
	size_t dropped = queue->vault ? qrngd_vault_release(queue->vault, &queue->ring, len) : 0;

	qrngd_count(&queue->counts->dropped, dropped);
	return !dropped;
}

/* With the lock; @len bytes are there. Those that are passed over go first. */
static bool hand_out(struct qrngd_queue *queue, size_t passed, uint8_t *to, size_t len)
{
	size_t spare = qrngd_ring_used(&queue->ring) - len;

	if (passed > spare)
		passed = spare;
	if (!released(queue, passed + len))
		return false;
	if (passed)
		qrngd_ring_drop(&queue->ring, passed);
	qrngd_ring_copy(&queue->ring, queue->ring.first, to, len);
	qrngd_ring_drop(&queue->ring, len);
	qrngd_count(&queue->counts->consumed, passed + len);
	qrngd_count(&queue->counts->requests, 1);
	return true;
}

/* With the lock. What went past the queue counts as if it had been in it. */
static void count_past(struct qrngd_queue *queue, size_t len)
{
	if (!len)
		return;
	qrngd_count(&queue->counts->polls, 1);
	qrngd_count(&queue->counts->generated, len);
	qrngd_count(&queue->counts->consumed, len);
}

/*
 * First what is missing, past the queue, which is left alone meanwhile; then the rest from
 * it. If others were faster there, more is missing.
 */
int qrngd_queue_take(struct qrngd_queue *queue, uint32_t skip, uint8_t *to, size_t len,
		     size_t *there)
{
	size_t passed = skip * queue->item, drawn = 0, have;
	bool news;
	int err;

	for (;;) {
		pthread_mutex_lock(&queue->lock);
		have = behind(queue, passed);
		if (have >= len - drawn && hand_out(queue, passed, to + drawn, len - drawn))
			break;
		have = behind(queue, passed);
		pthread_mutex_unlock(&queue->lock);
		err = queue->source.draw(queue->source.data, to + drawn, len - drawn - have);
		if (err)
			goto err_draw;
		drawn = len - have;
	}
	count_past(queue, drawn);
	news = note_room(queue);
	pthread_mutex_unlock(&queue->lock);
	tell(queue, news);
	return 0;

err_draw:
	*there = have + drawn;
	qrngd_queue_push(queue, to, drawn);
	qrng_wipe(to, len);
	return err;
}

/* Fills the queue until so many bytes are there. */
static int poll_up_to(struct qrngd_queue *queue, size_t wanted, size_t *there)
{
	int got = 1;

	while (got > 0) {
		pthread_mutex_lock(&queue->lock);
		*there = qrngd_ring_used(&queue->ring);
		pthread_mutex_unlock(&queue->lock);
		if (*there >= wanted)
			return 0;
		got = qrngd_queue_poll(queue, DRAW_MAX);
	}
	return got ? got : -EAGAIN;
}

int qrngd_queue_peek(struct qrngd_queue *queue, uint32_t skip, uint8_t *to, size_t len,
		     size_t *there)
{
	size_t passed = skip * queue->item;
	int err = poll_up_to(queue, passed + len, there);

	if (err) {
		*there = *there > passed ? *there - passed : 0;
		return err;
	}
	pthread_mutex_lock(&queue->lock);
	*there = behind(queue, passed);
	if (*there < len) {
		pthread_mutex_unlock(&queue->lock);
		return -EAGAIN;
	}
	qrngd_ring_copy(&queue->ring, queue->ring.first + passed, to, len);
	qrngd_count(&queue->counts->requests, 1);
	pthread_mutex_unlock(&queue->lock);
	return 0;
}

/* With the lock. */
static void drop(struct qrngd_queue *queue, size_t len)
{
	qrngd_ring_drop(&queue->ring, len);
	qrngd_count(&queue->counts->dropped, len);
}

void qrngd_queue_push(struct qrngd_queue *queue, const uint8_t *bytes, size_t len)
{
	size_t room, excess;

	pthread_mutex_lock(&queue->lock);
	qrngd_count(&queue->counts->generated, len);
	/* Of what is longer than the queue itself only the end has a place. */
	if (len > queue->ring.size) {
		qrngd_count(&queue->counts->dropped, len - queue->ring.size);
		bytes += len - queue->ring.size;
		len = queue->ring.size;
	}
	room = qrngd_ring_room(&queue->ring);
	excess = len > room ? len - room : 0;
	if (excess)
		drop(queue, excess);
	qrngd_ring_put(&queue->ring, bytes, len);
	pthread_mutex_unlock(&queue->lock);
}

int qrngd_queue_resize(struct qrngd_queue *queue, uint32_t items)
{
	size_t size = items * queue->item, used;
	bool news = false;
	int err;

	pthread_mutex_lock(&queue->lock);
	used = qrngd_ring_used(&queue->ring);
	if (used > size)
		drop(queue, used - size);
	err = qrngd_ring_resize(&queue->ring, size);
	if (!err)
		news = note_room(queue);
	pthread_mutex_unlock(&queue->lock);
	tell(queue, news);
	return err ? -ENOMEM : 0;
}

void qrngd_queue_figures(struct qrngd_queue *queue, struct qrngd_queue_figures *figures)
{
	size_t used, item = queue->item;

	pthread_mutex_lock(&queue->lock);
	used = qrngd_ring_used(&queue->ring);
	figures->polling_count = qrngd_counted(&queue->counts->polls);
	figures->queue_current = (used + item - 1) / item;
	figures->queue_capacity = queue->ring.size / item;
	figures->queue_percentage = 100.0 * (double)used / (double)queue->ring.size;
	figures->queue_dropped = qrngd_counted(&queue->counts->dropped) / item;
	figures->bytes_consumed = qrngd_counted(&queue->counts->consumed);
	figures->consumed_count = figures->bytes_consumed / item;
	figures->total_generated = qrngd_counted(&queue->counts->generated) / item;
	figures->requests = qrngd_counted(&queue->counts->requests);
	figures->bytes = used;
	pthread_mutex_unlock(&queue->lock);
}

/* How much may be drawn now, in whole items. A full queue rests until somebody takes. */
static size_t wanted(struct qrngd_queue *queue, size_t most)
{
	size_t room;

	pthread_mutex_lock(&queue->lock);
	room = qrngd_ring_room(&queue->ring);
	queue->low = room > queue->ring.size / 2;
	queue->resting = room < queue->item;
	pthread_mutex_unlock(&queue->lock);
	if (room > most)
		room = most;
	return room - room % queue->item;
}

int qrngd_queue_poll(struct qrngd_queue *queue, size_t most)
{
	uint8_t bytes[DRAW_MAX];
	size_t len = wanted(queue, most < sizeof(bytes) ? most : sizeof(bytes));
	int err;

	if (!len)
		return 0;
	err = queue->source.draw(queue->source.data, bytes, len);
	if (err)
		return err;
	qrngd_queue_push(queue, bytes, len);
	qrng_wipe(bytes, len);
	pthread_mutex_lock(&queue->lock);
	qrngd_count(&queue->counts->polls, 1);
	pthread_mutex_unlock(&queue->lock);
	return (int)len;
}

/* Counters of before a power cut may know less than the disk has kept. */
void qrngd_queue_recall(struct qrngd_queue *queue, struct qrngd_queue_counts *counts,
			struct qrngd_vault *vault)
{
	uint64_t generated, gone;

	queue->counts = counts;
	queue->vault = vault;
	if (vault)
		qrngd_vault_load(vault, &queue->ring);
	generated = qrngd_counted(&counts->generated);
	gone = qrngd_counted(&counts->consumed) + qrngd_counted(&counts->dropped) +
	       qrngd_ring_used(&queue->ring);
	if (generated > gone)
		qrngd_count(&counts->dropped, generated - gone);
	else
		qrngd_count(&counts->generated, gone - generated);
}

void qrngd_queue_close(struct qrngd_queue *queue)
{
	qrngd_ring_free(&queue->ring);
	pthread_mutex_destroy(&queue->lock);
}
