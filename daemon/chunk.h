/* SPDX-License-Identifier: MIT */
/*
 * Buffers for long answers: one for each that is under way, taken from and given
 * back to a list of the thread's own.
 */
#ifndef QRNGD_CHUNK_H
#define QRNGD_CHUNK_H

#include <stddef.h>
#include <stdint.h>

/* Large enough that system calls don't count, small enough for many clients. */
#define QRNGD_CHUNK_SIZE ((size_t)128 * 1024)

/* Kept for the next answer; the rest goes back to the C library. */
#define QRNGD_CHUNKS_KEPT 16

/**
 * struct qrngd_chunk - one buffer
 * @next: in the list
 * @used: bytes from the start that may hold something; its user raises it
 * @bytes: the buffer
 */
struct qrngd_chunk {
	struct qrngd_chunk *next;
	size_t used;
	uint8_t bytes[QRNGD_CHUNK_SIZE];
};

struct qrngd_chunks {
	struct qrngd_chunk *free;
	unsigned int count;
};

/**
 * qrngd_chunk_get() - take a buffer
 * @chunks: the thread's list
 *
 * Return: a buffer, or NULL when there is no memory.
 */
struct qrngd_chunk *qrngd_chunk_get(struct qrngd_chunks *chunks);

/**
 * qrngd_chunk_put() - wipe a buffer and give it back
 * @chunks: the thread's list
 * @chunk: from qrngd_chunk_get(), or NULL
 */
void qrngd_chunk_put(struct qrngd_chunks *chunks, struct qrngd_chunk *chunk);

/**
 * qrngd_chunks_free() - free the buffers that are kept
 * @chunks: the thread's list
 */
void qrngd_chunks_free(struct qrngd_chunks *chunks);

#endif /* QRNGD_CHUNK_H */
