// SPDX-License-Identifier: MIT
#include "pick.h"

#include <stdbool.h>
#include <stdlib.h>

#include "host.h"

/* A table at most half full, so that looking something up takes few steps. */
#define SLOTS (2 * QRNGD_PICK_MAX)

/** struct slot - a number of the range that has moved: a different one stands in its place */
struct slot {
	uint64_t place;
	uint64_t number;
	bool used;
};

/**
 * struct qrngd_pick - the beginning of a shuffled range of which only the moves are stored
 * @count: how many numbers were picked
 * @numbers: they
 */
struct qrngd_pick {
	size_t count;
	uint64_t numbers[];
};

static struct slot *find(struct slot *slots, uint64_t place)
{
	/* 2^64 divided by the golden ratio spreads neighbours. */
	size_t i = (size_t)((place * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % SLOTS;

	while (slots[i].used && slots[i].place != place)
		i = (i + 1) % SLOTS;
	return &slots[i];
}

static uint64_t number_at(struct slot *slots, uint64_t place)
{
	const struct slot *slot = find(slots, place);

	return slot->used ? slot->number : place;
}

static void put_at(struct slot *slots, uint64_t place, uint64_t number)
{
	struct slot *slot = find(slots, place);

	*slot = (struct slot){ .place = place, .number = number, .used = true };
}

/* Fisher and Yates, from the front; @limit - i wraps to what is meant when it is 2^64. */
static void shuffle(struct qrngd_pick *pick, struct slot *slots, struct qrngd_draw *draw,
		    uint64_t limit)
{
	uint64_t i, left, other;

	for (i = 0; i < pick->count; i++) {
		left = limit - i;
		other = i + (left ? qrngd_draw_below(draw, left) : qrngd_draw_bits(draw));
		pick->numbers[i] = number_at(slots, other);
		put_at(slots, other, number_at(slots, i));
	}
}

struct qrngd_pick *qrngd_pick(struct qrngd_draw *draw, uint64_t limit, size_t count)
{
	size_t size = SLOTS * sizeof(struct slot);
	struct qrngd_pick *pick = malloc(sizeof(*pick) + count * sizeof(pick->numbers[0]));
	struct slot *slots = calloc(SLOTS, sizeof(*slots));

	if (pick && slots) {
		pick->count = count;
		shuffle(pick, slots, draw, limit);
		qrng_wipe(slots, size);
	} else {
		free(pick);
		pick = NULL;
	}
	free(slots);
	return pick;
}

uint64_t qrngd_pick_get(const struct qrngd_pick *pick, size_t index)
{
	return pick->numbers[index];
}

void qrngd_pick_free(struct qrngd_pick *pick)
{
	if (!pick)
		return;
	qrng_wipe(pick->numbers, pick->count * sizeof(pick->numbers[0]));
	free(pick);
}
