// SPDX-License-Identifier: MIT
#include "ring.h"

#include <string.h>

#include "host.h"
#include "secret.h"

int qrngd_ring_init(struct qrngd_ring *ring, size_t size)
{
	memset(ring, 0, sizeof(*ring));
	ring->bytes = qrngd_secret_alloc(size);
	ring->size = size;
	return ring->bytes ? 0 : -1;
}

/* Of @len bytes from byte @at on, those before the end of the memory. */
static size_t straight(const struct qrngd_ring *ring, uint64_t at, size_t len)
{
	size_t to_end = ring->size - (size_t)(at % ring->size);

	return len < to_end ? len : to_end;
}

static uint8_t *place(const struct qrngd_ring *ring, uint64_t at)
{
	return ring->bytes + at % ring->size;
}

void qrngd_ring_put(struct qrngd_ring *ring, const uint8_t *bytes, size_t len)
{
	size_t part = straight(ring, ring->end, len);

	memcpy(place(ring, ring->end), bytes, part);
	memcpy(ring->bytes, bytes + part, len - part);
	ring->end += len;
}

void qrngd_ring_copy(const struct qrngd_ring *ring, uint64_t from, uint8_t *to, size_t len)
{
	size_t part = straight(ring, from, len);

	memcpy(to, place(ring, from), part);
	memcpy(to + part, ring->bytes, len - part);
}

void qrngd_ring_drop(struct qrngd_ring *ring, size_t len)
{
	size_t part = straight(ring, ring->first, len);

	qrng_wipe(place(ring, ring->first), part);
	qrng_wipe(ring->bytes, len - part);
	ring->first += len;
}

int qrngd_ring_resize(struct qrngd_ring *ring, size_t size)
{
	struct qrngd_ring other;
	size_t used = qrngd_ring_used(ring), part = straight(ring, ring->first, used);

	if (qrngd_ring_init(&other, size) != 0)
		return -1;
	other.first = ring->first;
	other.end = ring->first;
	qrngd_ring_put(&other, place(ring, ring->first), part);
	qrngd_ring_put(&other, ring->bytes, used - part);
	qrngd_ring_free(ring);
	*ring = other;
	return 0;
}

void qrngd_ring_free(struct qrngd_ring *ring)
{
	qrngd_secret_free(ring->bytes, ring->size);
	ring->bytes = NULL;
}
