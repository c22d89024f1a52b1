/* SPDX-License-Identifier: MIT */
/*
 * Bytes in the order in which they came, each counted from the first there ever was. No
 * locks: the owner serialises the calls on one ring.
 */
#ifndef QRNGD_RING_H
#define QRNGD_RING_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct qrngd_ring - byte i is in place i modulo @size
 * @bytes: memory for secrets; what was taken out of it is wiped
 * @size: of @bytes
 * @first: the oldest byte there is
 * @end: the next byte to come
 */
struct qrngd_ring {
	uint8_t *bytes;
	size_t size;
	uint64_t first;
	uint64_t end;
};

/**
 * qrngd_ring_init() - make a ring with nothing in it
 * @ring: filled in
 * @size: bytes; their memory is not taken before they come
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_ring_init(struct qrngd_ring *ring, size_t size);

/** qrngd_ring_used() - how many bytes there are */
static inline size_t qrngd_ring_used(const struct qrngd_ring *ring)
{
	return (size_t)(ring->end - ring->first);
}

/** qrngd_ring_room() - how many bytes more it takes */
static inline size_t qrngd_ring_room(const struct qrngd_ring *ring)
{
	return ring->size - qrngd_ring_used(ring);
}

/**
 * qrngd_ring_put() - append
 * @ring: the ring
 * @bytes: what
 * @len: how many; there is room for them
 */
void qrngd_ring_put(struct qrngd_ring *ring, const uint8_t *bytes, size_t len);

/**
 * qrngd_ring_copy() - look, and leave everything as it is
 * @ring: the ring
 * @from: the first byte to look at
 * @to: where a copy goes
 * @len: how many; they are all there
 */
void qrngd_ring_copy(const struct qrngd_ring *ring, uint64_t from, uint8_t *to, size_t len);

/**
 * qrngd_ring_drop() - wipe the oldest
 * @ring: the ring
 * @len: how many; they are all there
 */
void qrngd_ring_drop(struct qrngd_ring *ring, size_t len);

/**
 * qrngd_ring_resize() - have another size; what there is fits
 * @ring: the ring
 * @size: bytes
 *
 * Return: 0, or -1 when there is no memory; then all is as it was.
 */
int qrngd_ring_resize(struct qrngd_ring *ring, size_t size);

/** qrngd_ring_free() - wipe all and give the memory back */
void qrngd_ring_free(struct qrngd_ring *ring);

#endif /* QRNGD_RING_H */
