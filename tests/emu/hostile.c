// SPDX-License-Identifier: MIT
#include "hostile.h"

#include "noise.h"
#include "registers.h"
#include "text.h"

#include <string.h>

/*
 * A stream of nothing but random words would never get a driver past its start. So the stream
 * changes between moods. Each lasts for a number of reads of data; a read of a status is what a
 * driver decides by, and takes as much of it as sixteen of these.
 */
#define STATUS_READ 16

enum mood {
	MOOD_HEALTHY,
	MOOD_FLIPPED, /* a bit wrong in one answer of eight */
	MOOD_RANDOM,
	MOOD_STUCK, /* at the last answer, whatever is read */
	MOOD_ZEROES,
	MOOD_BLINKS, /* healthy, but all ones in one answer of 64 */
	MOOD_GONE,   /* all ones */
	MOOD_DULL,   /* in order by its status, with words of little entropy */
	MOOD_FLAWED, /* status words at random, good data */
	MOODS,
};

/* Often enough healthy to be trusted, long enough to pass a start-up test. */
static const struct {
	unsigned int share; /* of all 64 draws */
	uint32_t most;	    /* reads of data */
} moods[MOODS] = {
	[MOOD_HEALTHY] = {20, 6144}, [MOOD_FLIPPED] = {9, 1024}, [MOOD_RANDOM] = {8, 1024},
	[MOOD_STUCK] = {5, 1024},    [MOOD_ZEROES] = {4, 1024},	 [MOOD_BLINKS] = {2, 1024},
	[MOOD_GONE] = {2, 64},	     [MOOD_DULL] = {6, 2048},	 [MOOD_FLAWED] = {8, 1024},
};

bool hostile_select(struct hostile *hostile, const char *spec)
{
	uint64_t seed = 0;
	bool on = strcmp(spec, "off") != 0;

	if (on && !text_parse_number(spec, 0, UINT64_MAX, &seed))
		return false;
	*hostile = (struct hostile){.on = on, .state = seed};
	return true;
}

static bool one_in(uint64_t draw, uint32_t many)
{
	return (draw >> 40) % many == 0;
}

static void next_mood(struct hostile *hostile)
{
	uint64_t draw = noise_mix(&hostile->state);
	unsigned int ticket = draw % 64;

	hostile->mood = MOOD_HEALTHY;
	while (ticket >= moods[hostile->mood].share)
		ticket -= moods[hostile->mood++].share;
	hostile->left = 1 + (uint32_t)(draw >> 32) % moods[hostile->mood].most;
}

/* Mostly at once; seldom as long as a bus that is retrained takes. */
static uint32_t draw_delay(struct hostile *hostile)
{
	uint64_t draw = noise_mix(&hostile->state);

	if (one_in(draw, 16384))
		return (uint32_t)draw % 200000;
	return one_in(draw, 256) ? (uint32_t)draw % 1000 : 0;
}

static uint32_t healthy(uint64_t offset, uint32_t word)
{
	switch (offset) {
	case REG_CC_SR:
		return 0;
	case REG_FS_RR:
		return FS_FULL | FS_FL3 | FS_FL2 | FS_FL1;
	case REG_MX_SR:
		return MX_ALL(MX_HEN | MX_HST | MX_SEN);
	default:
		return word;
	}
}

/* What the mood makes of the answer @fair, with the help of @draw. */
static uint32_t twist(const struct hostile *hostile, bool data, uint32_t fair, uint64_t draw)
{
	uint32_t word = (uint32_t)draw;

	switch (hostile->mood) {
	case MOOD_FLIPPED:
		return one_in(draw, 8) ? fair ^ UINT32_C(1) << word % 32 : fair;
	case MOOD_RANDOM:
		return word;
	case MOOD_STUCK:
		return hostile->last;
	case MOOD_ZEROES:
		return 0;
	case MOOD_BLINKS:
		return one_in(draw, 64) ? UINT32_MAX : fair;
	case MOOD_GONE:
		return UINT32_MAX;
	case MOOD_DULL:
		return data ? fair & MX_ALL(0x03) : fair;
	case MOOD_FLAWED:
		return data ? fair : word;
	default:
		return fair;
	}
}

static void begin_answer(struct hostile *hostile, bool data)
{
	uint32_t part = data ? 1 : STATUS_READ;

	if (!hostile->left)
		next_mood(hostile);
	hostile->left -= hostile->left < part ? hostile->left : part;
	hostile->late_us = draw_delay(hostile);
}

uint32_t hostile_register(struct hostile *hostile, uint64_t offset)
{
	bool data = offset == REG_FD_RR;
	uint64_t draw, word;

	begin_answer(hostile, data);
	word = noise_mix(&hostile->state);
	draw = noise_mix(&hostile->state);
	hostile->last = twist(hostile, data, healthy(offset, (uint32_t)word), draw);
	return hostile->last;
}

uint32_t hostile_config(struct hostile *hostile, uint32_t honest, uint32_t size)
{
	begin_answer(hostile, false);
	return twist(hostile, false, honest, noise_mix(&hostile->state)) &
	       UINT32_MAX >> (32 - 8 * size);
}
