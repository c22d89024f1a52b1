// SPDX-License-Identifier: MIT
/*
 * Any query to any route: read to values within what the table allows, or refused with a
 * reason that can be shown. What was read, written anew, is read as the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "require.h"
#include "router.h"

/* Percent signs make three of each byte of a text. */
#define AGAIN_MAX (3 * 4096 + 1024)

static size_t route_count;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	qrngd_router_init(true);
	while (qrngd_router_at(route_count))
		route_count++;
	return 0;
}

static bool is_plain_text(const char *text, size_t len)
{
	json_t *string = json_stringn(text, len);
	size_t i;

	json_decref(string);
	for (i = 0; string && i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return string;
}

static void check_value(const struct qrngd_param *param, const struct qrngd_value *value)
{
	unsigned int words = 0;

	switch (param->type) {
	case QRNGD_INTEGER:
		require(value->integer >= param->integer.min &&
			value->integer <= param->integer.max);
		break;
	case QRNGD_REAL:
		require(value->real >= param->real.min && value->real <= param->real.max);
		break;
	case QRNGD_WORD:
		while (param->words.list[words])
			words++;
		require(value->word < words);
		break;
	default:
		require(is_plain_text(value->text, value->len));
		require(!value->given || (value->len >= param->text.min &&
					  value->len <= param->text.max));
	}
}

/* A '+' stands for a blank in a query, so that an exponent has none. */
static size_t put_real(double value, char *to)
{
	char *plus;

	sprintf(to, "%.17g", value);
	plus = strchr(to, '+');
	if (plus)
		memmove(plus, plus + 1, strlen(plus));
	return strlen(to);
}

static size_t put_value(const struct qrngd_param *param, const struct qrngd_value *value, char *to)
{
	size_t i;

	switch (param->type) {
	case QRNGD_INTEGER:
		return qrngd_integer_text(to, value->integer);
	case QRNGD_REAL:
		return put_real(value->real, to);
	case QRNGD_WORD:
		return (size_t)sprintf(to, "%s", param->words.list[value->word]);
	default:
		for (i = 0; i < value->len; i++)
			sprintf(to + 3 * i, "%%%02x", (unsigned char)value->text[i]);
		return 3 * value->len;
	}
}

static bool is_same(const struct qrngd_param *param, const struct qrngd_value *a,
		    const struct qrngd_value *b)
{
	switch (param->type) {
	case QRNGD_INTEGER:
		return a->integer == b->integer;
	case QRNGD_REAL:
		return a->real == b->real;
	case QRNGD_WORD:
		return a->word == b->word;
	default:
		return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
	}
}

/* The other way round, so that the order is seen to be of no meaning. */
static size_t write_again(const struct qrngd_param *params, const struct qrngd_value *values,
			  char *to)
{
	size_t len = 0;
	int i;

	for (i = QRNGD_PARAMS_MAX - 1; i >= 0; i--) {
		if (!params[i].name || !values[i].given)
			continue;
		len += (size_t)sprintf(to + len, "%s%s=", len ? "&" : "", params[i].name);
		len += put_value(&params[i], &values[i], to + len);
	}
	return len;
}

static void check_good(const struct qrngd_param *params, const struct qrngd_value *values)
{
	struct qrngd_value again_values[QRNGD_PARAMS_MAX];
	struct qrngd_query_error error;
	char again[AGAIN_MAX], decoded[AGAIN_MAX];
	size_t len, i;

	for (i = 0; i < QRNGD_PARAMS_MAX && params[i].name; i++)
		check_value(&params[i], &values[i]);
	len = write_again(params, values, again);
	require(qrngd_query_parse(params, len ? again : NULL, len, decoded, again_values,
				  &error) == 0);
	for (i = 0; i < QRNGD_PARAMS_MAX && params[i].name; i++)
		require(is_same(&params[i], &values[i], &again_values[i]) &&
			values[i].given == again_values[i].given);
}

static bool lies_in(const char *part, size_t part_len, const char *whole, size_t len)
{
	return part >= whole && part + part_len <= whole + len;
}

static void check_bad(const struct qrngd_query_error *error, const char *query, size_t len)
{
	char allowed[512];

	require(error->reason && *error->reason);
	if (error->param && !strcmp(error->reason, "is missing"))
		require(error->param->required && !error->value);
	else
		require(lies_in(error->name, error->name_len, query, len));
	require(!error->value || lies_in(error->value, error->value_len, query, len));
	if (!error->param)
		return;
	qrngd_param_allowed(error->param, allowed, sizeof(allowed));
	require(*allowed && strlen(allowed) < sizeof(allowed) - 1);
	require(strlen(error->param->name) == error->name_len &&
		memcmp(error->param->name, error->name, error->name_len) == 0);
}

/*
 * The bytes 1 to 12 stand for the names that the route knows, which chance would seldom
 * find. Memory of just the size, so that a byte behind it is seen to be touched.
 */
static char *spell(const struct qrngd_param *params, const uint8_t *data, size_t size, size_t *len)
{
	char *query = NULL;
	FILE *out = open_memstream(&query, len);
	size_t i;

	require(out);
	for (i = 0; i < size; i++) {
		if (data[i] && data[i] <= QRNGD_PARAMS_MAX && params[data[i] - 1].name)
			fprintf(out, "%s%s=", i ? "&" : "", params[data[i] - 1].name);
		else
			fputc(data[i], out);
	}
	fclose(out);
	return realloc(query, *len + !*len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct qrngd_value values[QRNGD_PARAMS_MAX];
	struct qrngd_query_error error;
	const struct qrngd_param *params;
	char *query, *decoded;
	size_t len;

	if (!size || size > 4096)
		return 0;
	params = qrngd_router_at(data[0] % route_count)->params;
	query = spell(params, data + 1, size - 1, &len);
	decoded = malloc(len + !len);
	require(query && decoded);
	if (qrngd_query_parse(params, query, len, decoded, values, &error) == 0)
		check_good(params, values);
	else
		check_bad(&error, query, len);
	free(decoded);
	free(query);
	return 0;
}
