/* SPDX-License-Identifier: MIT */
/*
 * A copy on the disk of what is in a queue, for the next process. What is handed out must
 * not be found there again, however this process ends: the disk forgets it first, by the
 * piece, and what a crash then keeps from being handed out is lost.
 *
 * Segment i of the disk is bytes i * %QRNGD_SEGMENT and on of the queue's ring, as these are
 * counted. The queue's lock guards all of a vault but what one thread does at a time:
 * qrngd_vault_spill().
 */
#ifndef QRNGD_VAULT_H
#define QRNGD_VAULT_H

#include "lokey/cell.h"
#include "lokey/ring.h"
#include "lokey/store.h"

/**
 * struct qrngd_vault - of one queue
 * @store: where its segments are
 * @queue: which queue's it is
 * @key: the operator's
 * @cell: where @head is kept
 * @head: the oldest segment that can still be read: bytes before it may be handed out
 * @tail: the next to be written
 * @spilled: @tail before the transaction under way
 * @broken: @head can't be kept any more, so that nothing more is written
 */
struct qrngd_vault {
	struct qrngd_store *store;
	enum qrngd_queue_kind queue;
	uint8_t key[QRNGD_SEAL_KEY];
	struct qrngd_cell cell;
	struct qrngd_chain head;
	struct qrngd_chain tail;
	struct qrngd_chain spilled;
	bool broken;
};

/**
 * qrngd_vault_open() - open a vault, in memory for secrets
 * @store: where its segments are
 * @queue: which queue's it is
 * @key: the operator's; copied
 *
 * Return: the vault, or NULL after a line has said what is wrong.
 */
struct qrngd_vault *qrngd_vault_open(struct qrngd_store *store, enum qrngd_queue_kind queue,
				     const uint8_t key[QRNGD_SEAL_KEY]);

/**
 * qrngd_vault_load() - put what an earlier process has left into its ring
 * @vault: the vault
 * @ring: the ring, empty
 *
 * What has been changed on the disk is given up, and a line says so.
 */
void qrngd_vault_load(struct qrngd_vault *vault, struct qrngd_ring *ring);

/**
 * qrngd_vault_release() - may bytes be handed out?
 * @vault: the vault
 * @ring: its ring
 * @len: so many, from the first on; they are all there
 *
 * If the disk has to forget them first, it forgets more, so that this seldom takes long. When
 * that fails, what is there may be found on the disk again, and is dropped; what comes
 * later is kept in memory only.
 *
 * Return: bytes that were dropped, after which the question is to be asked again; 0: yes.
 */
size_t qrngd_vault_release(struct qrngd_vault *vault, struct qrngd_ring *ring, size_t len);

/**
 * qrngd_vault_spill() - write what is new and complete, in a transaction of the store
 * @vault: the vault
 * @ring: its ring
 * @lock: the queue's, not held
 */
void qrngd_vault_spill(struct qrngd_vault *vault, struct qrngd_ring *ring, pthread_mutex_t *lock);

/** qrngd_vault_unspill() - that transaction failed; @lock is not held */
void qrngd_vault_unspill(struct qrngd_vault *vault, pthread_mutex_t *lock);

/**
 * qrngd_vault_save() - leave all to the next process
 * @vault: the vault
 * @ring: its ring, from which nothing will be handed out any more
 *
 * Return: bytes that are kept.
 */
size_t qrngd_vault_save(struct qrngd_vault *vault, struct qrngd_ring *ring);

/** qrngd_vault_discard() - have the disk forget what it had of a queue */
void qrngd_vault_discard(struct qrngd_store *store, enum qrngd_queue_kind queue);

/** qrngd_vault_close() - wipe and free it; NULL is fine */
void qrngd_vault_close(struct qrngd_vault *vault);

#endif /* QRNGD_VAULT_H */
