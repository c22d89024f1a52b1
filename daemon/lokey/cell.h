/* SPDX-License-Identifier: MIT */
/*
 * A file that holds a place of a chain, and the one before it no more: it is overwritten
 * where it lies, which no page of the store can be.
 */
#ifndef QRNGD_CELL_H
#define QRNGD_CELL_H

#include "lokey/seal.h"

/**
 * struct qrngd_cell - the open file
 * @fd: the file
 * @queue: which queue's it is
 * @sequence: how often it was written
 * @key: the operator's, who vouches for it
 */
struct qrngd_cell {
	int fd;
	unsigned int queue;
	uint64_t sequence;
	const uint8_t *key;
};

/**
 * qrngd_cell_open() - read the place, or begin with a new chain
 * @cell: filled in
 * @path: the file; made if there is none
 * @queue: which queue's it is
 * @key: the operator's; kept
 * @chain: filled in
 *
 * Return: 0, or -1 after a line has said what is wrong, and what can be done.
 */
int qrngd_cell_open(struct qrngd_cell *cell, const char *path, unsigned int queue,
		    const uint8_t key[QRNGD_SEAL_KEY], struct qrngd_chain *chain);

/**
 * qrngd_cell_write() - put another place where the last one is
 * @cell: the file
 * @chain: the place
 *
 * When this returns it is on the disk, and will be found there after a power cut.
 *
 * Return: 0, or a negative errno: then either of both will be found.
 */
int qrngd_cell_write(struct qrngd_cell *cell, const struct qrngd_chain *chain);

/** qrngd_cell_close() - close the file */
void qrngd_cell_close(struct qrngd_cell *cell);

#endif /* QRNGD_CELL_H */
