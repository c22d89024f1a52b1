// SPDX-License-Identifier: MIT
/* What people toss, roll, deal and number: coins, dice, bits, shuffled items, UUIDs. */
#include "api.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "digits.h"
#include "list.h"
#include "pick.h"
#include "problem.h"

#define COUNT_MAX 1000000
#define SIDES_MAX 1000000
#define ITEMS_MAX 4096 /* bytes of the list of items */

static size_t put_word(char *to, const char *word)
{
	size_t len = strlen(word);

	memcpy(to, word, len);
	return len;
}

enum { P_COUNT, P_FORMAT, P_SIDES };

static size_t put_coin(struct qrngd_list *list, char *to)
{
	return put_word(to, qrngd_draw_below(&list->draw, 2) ? "heads" : "tails");
}

static void handle_coin(struct qrngd_call *call)
{
	struct qrngd_list *list = qrngd_list_new(call, sizeof(*list), put_coin, 8);

	list->quoted = true;
	qrngd_list_send(call, list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, NULL);
}

/** struct dice - rolls under way */
struct dice {
	struct qrngd_list list;
	uint64_t sides;
};

static size_t put_die(struct qrngd_list *list, char *to)
{
	return qrngd_digits(to, 1 + qrngd_draw_below(&list->draw, ((struct dice *)list)->sides));
}

static void handle_dice(struct qrngd_call *call)
{
	struct dice *dice = qrngd_list_new(call, sizeof(*dice), put_die, QRNGD_DIGITS_MAX);

	dice->sides = (uint64_t)call->values[P_SIDES].integer;
	qrngd_list_send(call, &dice->list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, NULL);
}

static size_t put_bit(struct qrngd_list *list, char *to)
{
	*to = (char)('0' + qrngd_draw_below(&list->draw, 2));
	return 1;
}

static void handle_bits(struct qrngd_call *call)
{
	struct qrngd_list *list = qrngd_list_new(call, sizeof(*list), put_bit, 1);

	qrngd_list_send(call, list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, NULL);
}

enum { P_VERSION = P_FORMAT + 1 };

/** struct uuids - UUIDs under way */
struct uuids {
	struct qrngd_list list;
	bool timed;
};

/* RFC 9562: 5.4, version 4, all random; 5.7, version 7, a time in milliseconds in front. */
static void fill_uuid(struct uuids *uuids, uint64_t half[2])
{
	struct timespec now;
	uint64_t ms;

	half[0] = qrngd_draw_bits(&uuids->list.draw);
	half[1] = qrngd_draw_bits(&uuids->list.draw);
	half[1] = (half[1] >> 2) | UINT64_C(1) << 63;
	if (!uuids->timed) {
		half[0] = (half[0] & ~UINT64_C(0xf000)) | 0x4000;
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	half[0] = ms << 16 | 0x7000 | (half[0] & 0xfff);
}

static size_t put_uuid(struct qrngd_list *list, char *to)
{
	uint64_t half[2];
	int len;

	fill_uuid((struct uuids *)list, half);
	len = sprintf(to, "%08llx-%04llx-%04llx-%04llx-%012llx",
		      (unsigned long long)(half[0] >> 32),
		      (unsigned long long)(half[0] >> 16 & 0xffff),
		      (unsigned long long)(half[0] & 0xffff), (unsigned long long)(half[1] >> 48),
		      (unsigned long long)(half[1] & 0xffffffffffff));
	qrng_wipe(half, sizeof(half));
	return (size_t)len;
}

static void handle_uuid(struct qrngd_call *call)
{
	struct uuids *uuids = qrngd_list_new(call, sizeof(*uuids), put_uuid, 37);

	uuids->list.quoted = true;
	uuids->timed = call->values[P_VERSION].word;
	qrngd_list_send(call, &uuids->list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, NULL);
}

enum { P_ITEMS, P_SHUFFLE_FORMAT };

/** struct shuffle - items on their way into another order */
struct shuffle {
	struct qrngd_list list;
	struct qrngd_pick *pick;
	size_t next;
	size_t count;
	h2o_iovec_t items[ITEMS_MAX / 2 + 1];
};

static size_t put_shuffled(struct qrngd_list *list, char *to)
{
	struct shuffle *shuffle = (struct shuffle *)list;
	h2o_iovec_t item = shuffle->items[qrngd_pick_get(shuffle->pick, shuffle->next++)];
	struct qrngd_json json = { .text = to, .size = 6 * ITEMS_MAX };

	if (!list->json) {
		memcpy(to, item.base, item.len);
		return item.len;
	}
	qrngd_json_text(&json, NULL, item.base, item.len);
	return json.len;
}

static void dispose_shuffle(struct qrngd_body *body)
{
	qrngd_pick_free(((struct shuffle *)body)->pick);
}

/* Return: false when an item is empty. */
static bool split_items(struct shuffle *shuffle, const char *text, size_t len)
{
	const char *end = text + len, *comma;

	for (;; text = comma + 1) {
		comma = memchr(text, ',', (size_t)(end - text));
		if (!comma)
			comma = end;
		if (comma == text)
			return false;
		shuffle->items[shuffle->count++] = h2o_iovec_init(text, comma - text);
		if (comma == end)
			return true;
	}
}

static void handle_shuffle(struct qrngd_call *call)
{
	const struct qrngd_value *items = &call->values[P_ITEMS];
	struct shuffle *shuffle =
		qrngd_list_new(call, sizeof(*shuffle), put_shuffled, 6 * ITEMS_MAX);

	shuffle->list.body.dispose = dispose_shuffle;
	if (!split_items(shuffle, items->text, items->len)) {
		qrngd_problem_value(call, "items", "holds an empty item",
				    "items separated by single commas");
		return;
	}
	if (call->ready && !call->head) {
		shuffle->pick = qrngd_pick(&shuffle->list.draw, shuffle->count, shuffle->count);
		if (!shuffle->pick) {
			qrngd_problem_send(call, 503, "out of memory");
			return;
		}
	}
	qrngd_list_send(call, &shuffle->list, call->values[P_SHUFFLE_FORMAT].word, shuffle->count,
			NULL);
}

static const char *const uuid_versions[] = { "4", "7", NULL };

#define PARAM_COUNT QRNGD_PARAM_INTEGER("count", 1, COUNT_MAX, 1, "how many")

const struct qrngd_route qrngd_routes_games[] = {
	{
		.path = "/v1/coin",
		.group = "Games and names",
		.summary = "Tosses of a coin, heads or tails.",
		.type = "application/json, text/plain",
		.handle = handle_coin,
		.signable = true,
		.params = { [P_COUNT] = PARAM_COUNT, [P_FORMAT] = QRNGD_PARAM_LIST_FORMAT },
	},
	{
		.path = "/v1/dice",
		.group = "Games and names",
		.summary = "Rolls of a die with any number of sides, from 1 on.",
		.type = "application/json, text/plain",
		.handle = handle_dice,
		.signable = true,
		.params = {
			[P_COUNT] = PARAM_COUNT,
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_SIDES] = QRNGD_PARAM_INTEGER("sides", 2, SIDES_MAX, 6, "sides of the die"),
		},
	},
	{
		.path = "/v1/bits",
		.group = "Games and names",
		.summary = "Single bits.",
		.type = "application/json, text/plain",
		.handle = handle_bits,
		.signable = true,
		.params = { [P_COUNT] = PARAM_COUNT, [P_FORMAT] = QRNGD_PARAM_LIST_FORMAT },
	},
	{
		.path = "/v1/shuffle",
		.group = "Games and names",
		.summary = "The items that are given, in random order.",
		.type = "application/json, text/plain",
		.handle = handle_shuffle,
		.signable = true,
		.params = {
			[P_ITEMS] = QRNGD_PARAM_TEXT_REQUIRED("items", 1, ITEMS_MAX,
							      "what to shuffle, separated by commas"),
			[P_SHUFFLE_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
		},
	},
	{
		.path = "/v1/uuid",
		.group = "Games and names",
		.summary = "UUIDs as of RFC 9562.",
		.type = "application/json, text/plain",
		.handle = handle_uuid,
		.signable = true,
		.params = {
			[P_COUNT] = PARAM_COUNT,
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_VERSION] = QRNGD_PARAM_WORD("version", uuid_versions, 0,
						       "4 is random, 7 begins with the time"),
		},
	},
	{ 0 },
};
