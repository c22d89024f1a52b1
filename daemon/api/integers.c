// SPDX-License-Identifier: MIT
/* Whole numbers: with repetition, without, and all of a range in a random order. */
#include "api.h"

#include "digits.h"
#include "list.h"
#include "pick.h"
#include "problem.h"

#define INTEGER_MIN	INT64_MIN
#define INTEGER_MAX	UINT64_MAX
#define COUNT_MAX	1000000

/* Numbers that are exact in every JSON reader: RFC 8259 section 6. */
#define EXACT_MAX	(((qrngd_integer)1 << 53) - 1)

static const char *const yes_no[] = { "0", "1", NULL };

/* The count comes last, since a sequence has none. */
enum { P_MIN, P_MAX, P_FORMAT, P_BASE, P_STRINGS, P_COUNT };

/** struct range - numbers from @min on, @limit of them; 0 stands for 2^64 */
struct range {
	qrngd_integer min;
	uint64_t limit;
};

/** struct integers - a list of numbers under way */
struct integers {
	struct qrngd_list list;
	struct range range;
	unsigned int base;
	struct qrngd_pick *pick; /* the offsets that were picked, for lists without repetition */
	size_t next;
};

static size_t put_integer(char *to, qrngd_integer value, unsigned int base)
{
	size_t sign = value < 0;
	uint64_t size = (uint64_t)(value < 0 ? -value : value);

	*to = '-';
	to += sign;
	return sign + (base == 10 ? qrngd_digits(to, size) : qrngd_digits_base(to, size, base));
}

static size_t put_repeated(struct qrngd_list *list, char *to)
{
	struct integers *integers = (struct integers *)list;
	uint64_t limit = integers->range.limit;
	uint64_t offset = limit ? qrngd_draw_below(&list->draw, limit) : qrngd_draw_bits(&list->draw);

	return put_integer(to, integers->range.min + offset, integers->base);
}

static size_t put_picked(struct qrngd_list *list, char *to)
{
	struct integers *integers = (struct integers *)list;
	uint64_t offset = qrngd_pick_get(integers->pick, integers->next++);

	return put_integer(to, integers->range.min + offset, integers->base);
}

/* Return: false after a problem was sent. */
static bool take_range(struct qrngd_call *call, struct range *range)
{
	qrngd_integer min = call->values[P_MIN].integer, max = call->values[P_MAX].integer;

	if (max < min) {
		qrngd_problem_value(call, "max", "is smaller than min", "min or more");
		return false;
	}
	if (max - min > (qrngd_integer)UINT64_MAX) {
		qrngd_problem_value(call, "max", "is too far from min",
				    "at most 18446744073709551615 more than min");
		return false;
	}
	range->min = min;
	range->limit = (uint64_t)(max - min) + 1;
	return true;
}

/* Numbers that some readers would round, or that are not decimal, are strings. */
static bool quoted(const struct qrngd_call *call)
{
	bool exact = call->values[P_MIN].integer >= -EXACT_MAX &&
		     call->values[P_MAX].integer <= EXACT_MAX;

	if (call->values[P_BASE].integer != 10)
		return true;
	return call->values[P_STRINGS].given ? call->values[P_STRINGS].word : !exact;
}

static struct integers *integers_new(struct qrngd_call *call, const struct range *range,
				     size_t (*item)(struct qrngd_list *list, char *to))
{
	struct integers *integers = qrngd_list_new(call, sizeof(*integers), item, 65);

	integers->range = *range;
	integers->base = (unsigned int)call->values[P_BASE].integer;
	integers->list.quoted = quoted(call);
	return integers;
}

static void handle_integers(struct qrngd_call *call)
{
	struct integers *integers;
	struct range range;

	if (!take_range(call, &range))
		return;
	integers = integers_new(call, &range, put_repeated);
	qrngd_list_send(call, &integers->list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, NULL);
}

static void dispose_picked(struct qrngd_body *body)
{
	qrngd_pick_free(((struct integers *)body)->pick);
}

static void send_picked(struct qrngd_call *call, const struct range *range, size_t count)
{
	struct integers *integers = integers_new(call, range, put_picked);

	integers->list.body.dispose = dispose_picked;
	if (call->ready && !call->head) {
		integers->pick = qrngd_pick(&integers->list.draw, range->limit, count);
		if (!integers->pick) {
			qrngd_problem_send(call, 503, "out of memory");
			return;
		}
	}
	qrngd_list_send(call, &integers->list, call->values[P_FORMAT].word, count, NULL);
}

static void handle_sample(struct qrngd_call *call)
{
	size_t count = (size_t)call->values[P_COUNT].integer;
	struct range range;

	if (!take_range(call, &range))
		return;
	if (range.limit && count > range.limit)
		qrngd_problem_value(call, "count", "is larger than the range has numbers",
				    "at most max - min + 1");
	else
		send_picked(call, &range, count);
}

static void handle_sequence(struct qrngd_call *call)
{
	struct range range;

	if (!take_range(call, &range))
		return;
	if (!range.limit || range.limit > QRNGD_PICK_MAX)
		qrngd_problem_value(call, "max", "is too far from min", "at most 8191 more than min");
	else
		send_picked(call, &range, range.limit);
}

#define PARAM_MIN(fallback)                                                                        \
	QRNGD_PARAM_INTEGER("min", INTEGER_MIN, INTEGER_MAX, fallback, "the smallest number")
#define PARAM_MAX(fallback)                                                                        \
	QRNGD_PARAM_INTEGER("max", INTEGER_MIN, INTEGER_MAX, fallback, "the largest number")
#define PARAM_BASE                                                                                 \
	QRNGD_PARAM_INTEGER("base", 2, QRNGD_BASE_MAX, 10,                                         \
			    "base of the digits; any but 10 makes strings of the numbers")
#define PARAM_STRINGS                                                                              \
	QRNGD_PARAM_WORD("strings", yes_no, 0,                                                     \
			 "numbers as JSON strings; without it that is done where they would not "  \
			 "be exact in 53 bits")

const struct qrngd_route qrngd_routes_integers[] = {
	{
		.path = "/v1/integers",
		.group = "Numbers",
		.summary = "Whole numbers, each as likely as any other of the range.",
		.type = "application/json, text/plain",
		.handle = handle_integers,
		.signable = true,
		.params = {
			[P_MIN] = PARAM_MIN(0),
			[P_MAX] = PARAM_MAX(255),
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_BASE] = PARAM_BASE,
			[P_STRINGS] = PARAM_STRINGS,
			[P_COUNT] = QRNGD_PARAM_INTEGER("count", 1, COUNT_MAX, 1, "how many"),
		},
	},
	{
		.path = "/v1/sample",
		.group = "Numbers",
		.summary = "Different whole numbers of a range, in random order.",
		.type = "application/json, text/plain",
		.handle = handle_sample,
		.signable = true,
		.params = {
			[P_MIN] = PARAM_MIN(1),
			[P_MAX] = PARAM_MAX(49),
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_BASE] = PARAM_BASE,
			[P_STRINGS] = PARAM_STRINGS,
			[P_COUNT] = QRNGD_PARAM_INTEGER("count", 1, QRNGD_PICK_MAX, 6, "how many"),
		},
	},
	{
		.path = "/v1/sequence",
		.group = "Numbers",
		.summary = "All whole numbers of a range, in random order.",
		.type = "application/json, text/plain",
		.handle = handle_sequence,
		.signable = true,
		.params = {
			[P_MIN] = PARAM_MIN(1),
			[P_MAX] = PARAM_MAX(10),
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_BASE] = PARAM_BASE,
			[P_STRINGS] = PARAM_STRINGS,
		},
	},
	{ 0 },
};
