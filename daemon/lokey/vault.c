// SPDX-License-Identifier: MIT
#include "lokey/vault.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "log.h"
#include "secret.h"

/* Of the ring's size: what the disk forgets at once. */
#define RELEASE_PARTS 16

static uint64_t start_of(uint64_t index)
{
	return index * QRNGD_SEGMENT;
}

static uint64_t index_from(uint64_t at)
{
	return (at + QRNGD_SEGMENT - 1) / QRNGD_SEGMENT;
}

static void path_of_cell(char path[PATH_MAX], const struct qrngd_store *store,
			 enum qrngd_queue_kind queue)
{
	snprintf(path, PATH_MAX, "%s/%s.cell", store->path, qrngd_queue_words[queue]);
}

struct qrngd_vault *qrngd_vault_open(struct qrngd_store *store, enum qrngd_queue_kind queue,
				     const uint8_t key[QRNGD_SEAL_KEY])
{
	struct qrngd_vault *vault = qrngd_secret_alloc(sizeof(*vault));
	char path[PATH_MAX];

	if (!vault) {
		qrngd_log("store: out of memory");
		return NULL;
	}
	vault->store = store;
	vault->queue = queue;
	memcpy(vault->key, key, sizeof(vault->key));
	path_of_cell(path, store, queue);
	if (qrngd_cell_open(&vault->cell, path, queue, vault->key, &vault->head) == 0)
		return vault;
	qrngd_secret_free(vault, sizeof(*vault));
	return NULL;
}

/* Return: whether segment @tail is there, good, and has been appended. */
static bool load_one(struct qrngd_vault *vault, struct qrngd_ring *ring, size_t *len)
{
	struct qrngd_entry entry = { .type = QRNGD_ENTRY_SEGMENT,
				     .queue = vault->queue,
				     .number = vault->tail.index };
	uint8_t bytes[QRNGD_SEGMENT];
	bool good;

	if (!qrngd_store_get(vault->store, &entry))
		return false;
	*len = entry.len - QRNGD_SEALED_MORE;
	if (*len > qrngd_ring_room(ring))
		return false;
	good = qrngd_unseal(&vault->tail, vault->key, vault->queue, entry.sealed, entry.len,
			    bytes) == 0;
	if (good)
		qrngd_ring_put(ring, bytes, *len);
	else
		qrngd_log("store %s: some of the %s queue is damaged, and given up",
			  vault->store->path, qrngd_queue_words[vault->queue]);
	qrng_wipe(bytes, sizeof(bytes));
	return good;
}

/* A last segment that is not full stays, to be written again when it is. */
void qrngd_vault_load(struct qrngd_vault *vault, struct qrngd_ring *ring)
{
	size_t len = QRNGD_SEGMENT;
	bool partial = false;

	ring->first = start_of(vault->head.index);
	ring->end = ring->first;
	vault->tail = vault->head;
	qrngd_store_begin(vault->store);
	while (!partial && load_one(vault, ring, &len)) {
		partial = len < QRNGD_SEGMENT;
		if (!partial)
			qrngd_chain_advance(&vault->tail, vault->tail.index + 1);
	}
	qrngd_store_trim(vault->store, vault->queue, 0, vault->head.index);
	qrngd_store_trim(vault->store, vault->queue, vault->tail.index + partial, UINT64_MAX);
	qrngd_store_end(vault->store);
}

/* Return: whether it is on the disk that segments before @index are no more. */
static bool forget(struct qrngd_vault *vault, uint64_t index)
{
	struct qrngd_chain head = vault->head;
	int err;

	qrngd_chain_advance(&head, index);
	err = qrngd_cell_write(&vault->cell, &head);
	if (!err)
		vault->head = head;
	else
		qrngd_log("store %s: %s: nothing more is written there", vault->store->path,
			  strerror(-err));
	qrng_wipe(&head, sizeof(head));
	if (vault->tail.index < vault->head.index)
		vault->tail = vault->head;
	return !err;
}

size_t qrngd_vault_release(struct qrngd_vault *vault, struct qrngd_ring *ring, size_t len)
{
	uint64_t end = ring->first + len;
	size_t dropped;

	if (vault->broken || end <= start_of(vault->head.index) ||
	    forget(vault, index_from(end) + ring->size / RELEASE_PARTS / QRNGD_SEGMENT))
		return 0;
	vault->broken = true;
	dropped = qrngd_ring_used(ring);
	qrngd_ring_drop(ring, dropped);
	return dropped;
}

/* With the lock. Return: whether there is a segment to write, of which a copy was made. */
static bool next_new(struct qrngd_vault *vault, const struct qrngd_ring *ring,
		     struct qrngd_chain *place, uint8_t bytes[QRNGD_SEGMENT])
{
	uint64_t oldest = index_from(ring->first);

	if (vault->broken)
		return false;
	if (vault->tail.index < oldest)
		qrngd_chain_advance(&vault->tail, oldest);
	if (start_of(vault->tail.index + 1) > ring->end)
		return false;
	qrngd_ring_copy(ring, start_of(vault->tail.index), bytes, QRNGD_SEGMENT);
	*place = vault->tail;
	qrngd_chain_advance(&vault->tail, vault->tail.index + 1);
	return true;
}

static void put(struct qrngd_vault *vault, const struct qrngd_chain *place, const uint8_t *bytes,
		size_t len)
{
	uint8_t sealed[QRNGD_SEALED_MAX];
	const struct qrngd_entry entry = {
		.type = QRNGD_ENTRY_SEGMENT,
		.queue = vault->queue,
		.number = place->index,
		.sealed = sealed,
		.len = len + QRNGD_SEALED_MORE,
	};

	qrngd_seal(place, vault->key, vault->queue, bytes, len, sealed);
	qrngd_store_put(vault->store, &entry);
}

void qrngd_vault_spill(struct qrngd_vault *vault, struct qrngd_ring *ring, pthread_mutex_t *lock)
{
	uint8_t bytes[QRNGD_SEGMENT];
	struct qrngd_chain place;
	uint64_t head;
	bool more;

	pthread_mutex_lock(lock);
	vault->spilled = vault->tail;
	head = vault->head.index;
	pthread_mutex_unlock(lock);
	do {
		pthread_mutex_lock(lock);
		more = next_new(vault, ring, &place, bytes);
		pthread_mutex_unlock(lock);
		if (more)
			put(vault, &place, bytes, sizeof(bytes));
	} while (more);
	qrng_wipe(bytes, sizeof(bytes));
	qrng_wipe(&place, sizeof(place));
	qrngd_store_trim(vault->store, vault->queue, 0, head);
}

void qrngd_vault_unspill(struct qrngd_vault *vault, pthread_mutex_t *lock)
{
	pthread_mutex_lock(lock);
	vault->tail = vault->spilled.index > vault->head.index ? vault->spilled : vault->head;
	pthread_mutex_unlock(lock);
}

/*
 * The first segment has been begun, and pieces of it may not be found twice: all that is
 * left is written anew, behind whatever was. The disk forgets the rest before.
 */
size_t qrngd_vault_save(struct qrngd_vault *vault, struct qrngd_ring *ring)
{
	size_t used = qrngd_ring_used(ring), at, len;
	uint8_t bytes[QRNGD_SEGMENT];

	if (vault->broken || !used || !forget(vault, index_from(ring->end) + 1))
		return 0;
	vault->tail = vault->head;
	qrngd_store_begin(vault->store);
	for (at = 0; at < used; at += len) {
		len = used - at < QRNGD_SEGMENT ? used - at : QRNGD_SEGMENT;
		qrngd_ring_copy(ring, ring->first + at, bytes, len);
		put(vault, &vault->tail, bytes, len);
		qrngd_chain_advance(&vault->tail, vault->tail.index + 1);
	}
	qrng_wipe(bytes, sizeof(bytes));
	qrngd_store_trim(vault->store, vault->queue, 0, vault->head.index);
	return qrngd_store_end(vault->store) == 0 ? used : 0;
}

void qrngd_vault_discard(struct qrngd_store *store, enum qrngd_queue_kind queue)
{
	char path[PATH_MAX];

	path_of_cell(path, store, queue);
	(void)unlink(path);
	qrngd_store_begin(store);
	qrngd_store_trim(store, queue, 0, UINT64_MAX);
	qrngd_store_end(store);
}

void qrngd_vault_close(struct qrngd_vault *vault)
{
	if (!vault)
		return;
	qrngd_cell_close(&vault->cell);
	qrngd_secret_free(vault, sizeof(*vault));
}
