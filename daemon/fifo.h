/* SPDX-License-Identifier: MIT */
/*
 * Random bytes through a FIFO: for QEMU's rng-random, and whatever else reads a file. A
 * thread for each sleeps until somebody reads. Readers come and go.
 */
#ifndef QRNGD_FIFO_H
#define QRNGD_FIFO_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "identity.h"
#include "options.h"
#include "supply.h"

/**
 * struct qrngd_fifo - one FIFO
 * @path: where it is
 * @handle: the file itself, whatever becomes of its name
 * @made: it was made here, and so is removed in the end
 * @device: of the file
 * @inode: of the file
 * @supply: what is written into it
 * @thread: who writes
 * @running: there is @thread
 * @stop: readable when @thread shall end
 * @stopping: the same
 * @bytes: written so far
 * @readers: how often somebody came to read
 */
struct qrngd_fifo {
	const char *path;
	int handle;
	bool made;
	dev_t device;
	ino_t inode;
	struct qrngd_supply supply;
	pthread_t thread;
	bool running;
	int stop;
	_Atomic bool stopping;
	_Atomic uint64_t bytes;
	_Atomic uint64_t readers;
};

/** struct qrngd_fifos - all of them */
struct qrngd_fifos {
	struct qrngd_fifo items[QRNGD_TEXTS_MAX];
	unsigned int count;
};

/** qrngd_fifos_mode() - read permissions in octal; -1 if they are none */
int qrngd_fifos_mode(const char *text);

/**
 * qrngd_fifos_open() - make those that are not there
 * @fifos: zeroed memory
 * @options: which; kept
 * @engine: what seeds their generators
 * @identity: whose those are that are made, if the options name nobody
 *
 * One that is there is used as it is; anything else at its place is left alone, and is an
 * error.
 *
 * Return: 0, or -1 after a line has said what is wrong.
 */
int qrngd_fifos_open(struct qrngd_fifos *fifos, const struct qrngd_options *options,
		     struct qrngd_engine *engine, const struct qrngd_identity *identity);

/**
 * qrngd_fifos_start() - feed them from now on
 * @fifos: from qrngd_fifos_open()
 *
 * Return: 0, or -1 after a line has said that no thread could be had.
 */
int qrngd_fifos_start(struct qrngd_fifos *fifos);

/** qrngd_fifos_close() - stop, whether anybody reads or not, and remove what was made */
void qrngd_fifos_close(struct qrngd_fifos *fifos);

#endif /* QRNGD_FIFO_H */
