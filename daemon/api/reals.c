// SPDX-License-Identifier: MIT
/* Fractions: exact decimals, floats, and normal deviates. */
#include "api.h"

#include "digits.h"
#include "list.h"

#define COUNT_MAX  1000000
#define PLACES_MAX 18

/** struct decimals - decimal fractions under way */
struct decimals {
	struct qrngd_list list;
	unsigned int places;
	uint64_t limit; /* ten to the power of @places */
};

static size_t put_decimal(struct qrngd_list *list, char *to)
{
	const struct decimals *decimals = (struct decimals *)list;

	return qrngd_digits_fraction(to, qrngd_draw_below(&list->draw, decimals->limit),
				     decimals->places);
}

enum { P_COUNT, P_FORMAT, P_PLACES };

static void handle_decimals(struct qrngd_call *call)
{
	struct decimals *decimals =
		qrngd_list_new(call, sizeof(*decimals), put_decimal, PLACES_MAX + 2);
	unsigned int i;

	decimals->places = (unsigned int)call->values[P_PLACES].integer;
	decimals->limit = 1;
	for (i = 0; i < decimals->places; i++)
		decimals->limit *= 10;
	/* More digits than a JSON reader keeps would be rounded: strings. */
	decimals->list.quoted = decimals->places > 15;
	qrngd_list_send(call, &decimals->list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, NULL);
}

static size_t put_float(struct qrngd_list *list, char *to)
{
	return qrngd_digits_double(to, qrngd_draw_unit(&list->draw));
}

static void handle_floats(struct qrngd_call *call)
{
	struct qrngd_list *list = qrngd_list_new(call, sizeof(*list), put_float, QRNGD_DOUBLE_MAX);

	qrngd_list_send(call, list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, NULL);
}

enum { P_MEAN = P_FORMAT + 1, P_DEVIATION };

/** struct gaussians - normal deviates under way */
struct gaussians {
	struct qrngd_list list;
	double mean;
	double deviation;
};

static size_t put_gaussian(struct qrngd_list *list, char *to)
{
	const struct gaussians *gaussians = (struct gaussians *)list;

	return qrngd_digits_double(to, gaussians->mean + gaussians->deviation *
							  qrngd_draw_gaussian(&list->draw));
}

static void handle_gaussians(struct qrngd_call *call)
{
	struct gaussians *gaussians = qrngd_list_new(call, sizeof(*gaussians), put_gaussian, QRNGD_DOUBLE_MAX);

	gaussians->mean = call->values[P_MEAN].real;
	gaussians->deviation = call->values[P_DEVIATION].real;
	qrngd_list_send(call, &gaussians->list, call->values[P_FORMAT].word,
			(uint64_t)call->values[P_COUNT].integer, NULL);
}

#define PARAM_COUNT QRNGD_PARAM_INTEGER("count", 1, COUNT_MAX, 1, "how many")

const struct qrngd_route qrngd_routes_reals[] = {
	{
		.path = "/v1/decimals",
		.group = "Numbers",
		.summary = "Decimal fractions from 0 to below 1, each as likely as any other.",
		.type = "application/json, text/plain",
		.handle = handle_decimals,
		.signable = true,
		.params = {
			[P_COUNT] = PARAM_COUNT,
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_PLACES] = QRNGD_PARAM_INTEGER("places", 1, PLACES_MAX, 10,
							 "decimal places; above 15 the fractions "
							 "are strings, so that none is rounded"),
		},
	},
	{
		.path = "/v1/floats",
		.group = "Numbers",
		.summary = "Multiples of 2^-53 from 0 to below 1, each as likely as any other.",
		.type = "application/json, text/plain",
		.handle = handle_floats,
		.signable = true,
		.params = {
			[P_COUNT] = PARAM_COUNT,
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
		},
	},
	{
		.path = "/v1/gaussians",
		.group = "Numbers",
		.summary = "Normal deviates.",
		.type = "application/json, text/plain",
		.handle = handle_gaussians,
		.signable = true,
		.params = {
			[P_COUNT] = PARAM_COUNT,
			[P_FORMAT] = QRNGD_PARAM_LIST_FORMAT,
			[P_MEAN] = QRNGD_PARAM_REAL("mean", -1e100, 1e100, 0, "their mean"),
			[P_DEVIATION] = QRNGD_PARAM_REAL("deviation", 0, 1e100, 1,
							 "their standard deviation"),
		},
	},
	{ 0 },
};
