// SPDX-License-Identifier: MIT
#include "chunk.h"

#include <stdlib.h>

#include "host.h"

struct qrngd_chunk *qrngd_chunk_get(struct qrngd_chunks *chunks)
{
	struct qrngd_chunk *chunk = chunks->free;

	if (chunk) {
		chunks->free = chunk->next;
		chunks->count--;
	} else {
		chunk = malloc(sizeof(*chunk));
	}
	if (chunk)
		chunk->used = 0;
	return chunk;
}

void qrngd_chunk_put(struct qrngd_chunks *chunks, struct qrngd_chunk *chunk)
{
	if (!chunk)
		return;
	qrng_wipe(chunk->bytes, chunk->used);
	if (chunks->count == QRNGD_CHUNKS_KEPT) {
		free(chunk);
		return;
	}
	chunk->next = chunks->free;
	chunks->free = chunk;
	chunks->count++;
}

void qrngd_chunks_free(struct qrngd_chunks *chunks)
{
	struct qrngd_chunk *chunk;

	while ((chunk = chunks->free) != NULL) {
		chunks->free = chunk->next;
		free(chunk);
	}
	chunks->count = 0;
}
