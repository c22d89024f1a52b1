// SPDX-License-Identifier: MIT
#include "query.h"

#include <stdbool.h>
#include <string.h>

static int find_param(const struct qrngd_param *params, const char *name, size_t len)
{
	int i;

	for (i = 0; i < QRNGD_PARAMS_MAX && params[i].name; i++)
		if (strlen(params[i].name) == len && memcmp(params[i].name, name, len) == 0)
			return i;
	return -1;
}

/* Return: NULL, or why it is not a number from @min to @max */
static const char *parse_number(const char *text, size_t len, uint64_t min, uint64_t max,
				uint64_t *number)
{
	uint64_t value = 0;
	size_t i;

	if (!len)
		return "has no value";
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return "is not a decimal number";
		if (value > (UINT64_MAX - 9) / 10)
			return "is too large";
		value = value * 10 + (uint64_t)(text[i] - '0');
	}
	if (value < min)
		return "is too small";
	if (value > max)
		return "is too large";
	*number = value;
	return NULL;
}

/* Return: NULL, or what is wrong with the one pair in @error */
static const char *parse_pair(const struct qrngd_param *params, struct qrngd_query_error *error,
			      uint64_t values[QRNGD_PARAMS_MAX], bool seen[QRNGD_PARAMS_MAX])
{
	int i = find_param(params, error->name, error->name_len);

	if (i < 0)
		return "is not a parameter here";
	error->param = &params[i];
	if (seen[i])
		return "is given more than once";
	seen[i] = true;
	return parse_number(error->value, error->value_len, params[i].min, params[i].max,
			    &values[i]);
}

static void split_pair(struct qrngd_query_error *pair, const char *text, size_t len)
{
	const char *equals = memchr(text, '=', len);

	memset(pair, 0, sizeof(*pair));
	pair->name = text;
	pair->name_len = len;
	if (!equals)
		return;
	pair->name_len = (size_t)(equals - text);
	pair->value = equals + 1;
	pair->value_len = len - pair->name_len - 1;
}

int qrngd_query_parse(const struct qrngd_param *params, const char *query, size_t len,
		      uint64_t values[QRNGD_PARAMS_MAX], struct qrngd_query_error *error)
{
	bool seen[QRNGD_PARAMS_MAX] = { false };
	const char *end = query ? query + len : NULL, *stop;
	int i;

	for (i = 0; i < QRNGD_PARAMS_MAX && params[i].name; i++)
		values[i] = params[i].fallback;
	for (; query; query = stop < end ? stop + 1 : NULL) {
		stop = memchr(query, '&', (size_t)(end - query));
		if (!stop)
			stop = end;
		split_pair(error, query, (size_t)(stop - query));
		error->reason = parse_pair(params, error, values, seen);
		if (error->reason)
			return -1;
	}
	return 0;
}
