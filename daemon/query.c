// SPDX-License-Identifier: MIT
#include "query.h"

#include <string.h>

#include "value.h"

static int find_param(const struct qrngd_param *params, const char *name, size_t len)
{
	int i;

	for (i = 0; i < QRNGD_PARAMS_MAX && params[i].name; i++)
		if (strlen(params[i].name) == len && memcmp(params[i].name, name, len) == 0)
			return i;
	return -1;
}

/* Return: NULL, or what is wrong with the one pair in @error */
static const char *parse_pair(const struct qrngd_param *params, struct qrngd_query_error *error,
			      char **decoded, struct qrngd_value values[QRNGD_PARAMS_MAX])
{
	int i = find_param(params, error->name, error->name_len);

	if (i < 0)
		return "is not a parameter here";
	error->param = &params[i];
	if (values[i].given)
		return "is given more than once";
	values[i].given = true;
	return qrngd_value_parse(&params[i], error->value, error->value_len, decoded, &values[i]);
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

/* Return: NULL, or what is wrong with a query that lacks a parameter, named in @error */
static const char *fill_rest(const struct qrngd_param *params,
			     struct qrngd_value values[QRNGD_PARAMS_MAX],
			     struct qrngd_query_error *error)
{
	int i;

	for (i = 0; i < QRNGD_PARAMS_MAX && params[i].name; i++) {
		if (values[i].given)
			continue;
		if (params[i].required) {
			split_pair(error, params[i].name, strlen(params[i].name));
			error->param = &params[i];
			return "is missing";
		}
		qrngd_value_fallback(&params[i], &values[i]);
	}
	return NULL;
}

int qrngd_query_parse(const struct qrngd_param *params, const char *query, size_t len,
		      char *decoded, struct qrngd_value values[QRNGD_PARAMS_MAX],
		      struct qrngd_query_error *error)
{
	const char *end = query ? query + len : NULL, *stop;
	int i;

	for (i = 0; i < QRNGD_PARAMS_MAX; i++)
		values[i].given = false;
	for (; query; query = stop < end ? stop + 1 : NULL) {
		stop = memchr(query, '&', (size_t)(end - query));
		if (!stop)
			stop = end;
		split_pair(error, query, (size_t)(stop - query));
		error->reason = parse_pair(params, error, &decoded, values);
		if (error->reason)
			return -1;
	}
	error->reason = fill_rest(params, values, error);
	return error->reason ? -1 : 0;
}
