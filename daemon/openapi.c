// SPDX-License-Identifier: MIT
#include "openapi.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "components.h"
#include "qrng.h"
#include "router.h"

static void write_integer(struct qrngd_json *json, const char *name, qrngd_integer value)
{
	char text[24];

	qrngd_integer_text(text, value);
	qrngd_json_plain(json, name, text);
}

static void write_real(struct qrngd_json *json, const char *name, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.17g", value);
	qrngd_json_plain(json, name, text);
}

static void write_words(struct qrngd_json *json, const struct qrngd_param *param)
{
	const char *const *list = param->words.list;
	size_t i;

	qrngd_json_word(json, "type", "string");
	qrngd_json_open(json, "enum", '[');
	for (i = 0; list[i]; i++)
		qrngd_json_word(json, NULL, list[i]);
	qrngd_json_close(json, ']');
	if (!param->required)
		qrngd_json_word(json, "default", list[param->words.fallback]);
}

/* JSON Schema counts characters where we count bytes, of which there are never fewer. */
static void write_text(struct qrngd_json *json, const struct qrngd_param *param)
{
	qrngd_json_word(json, "type", "string");
	qrngd_json_number(json, "minLength", param->text.min ? 1 : 0);
	qrngd_json_number(json, "maxLength", param->text.max);
	if (!param->required && param->text.fallback)
		qrngd_json_word(json, "default", param->text.fallback);
}

static void write_schema(struct qrngd_json *json, const struct qrngd_param *param)
{
	qrngd_json_open(json, "schema", '{');
	switch (param->type) {
	case QRNGD_INTEGER:
		qrngd_json_word(json, "type", "integer");
		write_integer(json, "minimum", param->integer.min);
		write_integer(json, "maximum", param->integer.max);
		if (!param->required)
			write_integer(json, "default", param->integer.fallback);
		break;
	case QRNGD_REAL:
		qrngd_json_word(json, "type", "number");
		write_real(json, "minimum", param->real.min);
		write_real(json, "maximum", param->real.max);
		if (!param->required)
			write_real(json, "default", param->real.fallback);
		break;
	case QRNGD_WORD:
		write_words(json, param);
		break;
	case QRNGD_TEXT:
		write_text(json, param);
		break;
	}
	qrngd_json_close(json, '}');
}

static void write_params(struct qrngd_json *json, const struct qrngd_route *route)
{
	const struct qrngd_param *param;

	qrngd_json_open(json, "parameters", '[');
	for (param = route->params; param->name; param++) {
		qrngd_json_open(json, NULL, '{');
		qrngd_json_word(json, "name", param->name);
		qrngd_json_word(json, "in", "query");
		qrngd_json_word(json, "description", param->doc);
		if (param->required)
			qrngd_json_plain(json, "required", "true");
		write_schema(json, param);
		qrngd_json_close(json, '}');
	}
	qrngd_json_close(json, ']');
}

/* @types: a list with commas, as the table has it. */
static void write_content(struct qrngd_json *json, const char *types)
{
	char type[64];
	size_t len;

	qrngd_json_open(json, "content", '{');
	for (; *types; types += len + strspn(types + len, ", ")) {
		len = strcspn(types, ",");
		snprintf(type, sizeof(type), "%.*s", (int)len, types);
		qrngd_json_open(json, type, '{');
		qrngd_json_close(json, '}');
	}
	qrngd_json_close(json, '}');
}

static void write_reference(struct qrngd_json *json, const char *status, const char *response)
{
	qrngd_components_refer(json, status, "responses", response);
}

static void write_responses(struct qrngd_json *json, const struct qrngd_route *route)
{
	qrngd_json_open(json, "responses", '{');
	qrngd_json_open(json, route->socket ? "101" : "200", '{');
	qrngd_json_word(json, "description", route->summary);
	if (!route->socket)
		qrngd_components_refer_headers(json);
	if (route->type)
		write_content(json, route->type);
	qrngd_json_close(json, '}');
	if (route->socket)
		write_reference(json, "426", "NoWebSocket");
	if (route->admin) {
		write_reference(json, "401", "Unauthorized");
		write_reference(json, "403", "Forbidden");
		write_reference(json, "409", "Conflict");
	}
	if (!route->admin && !route->open) {
		write_reference(json, "401", "KeyNeeded");
		write_reference(json, "403", "KeyForbids");
		write_reference(json, "429", "QuotaUsed");
	}
	write_reference(json, "400", "BadRequest");
	write_reference(json, "503", "Unavailable");
	write_reference(json, "default", "Problem");
	qrngd_json_close(json, '}');
}

/* "/v1/random" becomes "v1_random": client generators make function names of it. */
static void write_operation_id(struct qrngd_json *json, const struct qrngd_route *route)
{
	char name[64];
	char *c;

	snprintf(name, sizeof(name), "%s%s%s", route->path[1] ? route->path + 1 : "index",
		 route->method ? "/" : "", route->method ? route->method : "");
	for (c = name; *c; c++)
		if (strchr("/.-", *c))
			*c = '_';
	qrngd_json_word(json, "operationId", name);
}

static void write_way_in(struct qrngd_json *json, const char *scheme)
{
	qrngd_json_open(json, NULL, '{');
	if (scheme) {
		qrngd_json_open(json, scheme, '[');
		qrngd_json_close(json, ']');
	}
	qrngd_json_close(json, '}');
}

/* What may be asked for by whom, and what is sent along. */
static void write_request(struct qrngd_json *json, const struct qrngd_route *route)
{
	if (route->admin) {
		qrngd_json_open(json, "security", '[');
		write_way_in(json, "token");
		qrngd_json_close(json, ']');
	}
	if (route->body) {
		qrngd_json_open(json, "requestBody", '{');
		qrngd_json_plain(json, "required", "true");
		write_content(json, route->body);
		qrngd_json_close(json, '}');
	}
}

static void write_method(struct qrngd_json *json, const struct qrngd_route *route)
{
	char method[16] = "get";
	size_t i;

	for (i = 0; route->method && i <= strlen(route->method) && i < sizeof(method); i++)
		method[i] = (char)tolower(route->method[i]);
	qrngd_json_open(json, method, '{');
	write_operation_id(json, route);
	qrngd_json_open(json, "tags", '[');
	qrngd_json_word(json, NULL, route->group);
	qrngd_json_close(json, ']');
	qrngd_json_word(json, "summary", route->summary);
	write_params(json, route);
	write_request(json, route);
	write_responses(json, route);
	qrngd_json_close(json, '}');
}

static void write_route(struct qrngd_json *json, size_t index, enum qrngd_face face)
{
	const struct qrngd_route *route = qrngd_router_at(index);
	const char *path = qrngd_router_path(route, face);

	if (!path)
		return;
	if (!qrngd_router_again(index))
		qrngd_json_open(json, path, '{');
	write_method(json, route);
	if (!qrngd_router_again(index + 1))
		qrngd_json_close(json, '}');
}

static void write_info(struct qrngd_json *json)
{
	qrngd_json_word(json, "openapi", "3.1.0");
	qrngd_json_open(json, "info", '{');
	qrngd_json_word(json, "title", "qrngd");
	qrngd_json_word(json, "version", QRNG_VERSION);
	qrngd_json_word(json, "description",
			"Random bytes, numbers, pictures and sound from a quantum noise source. "
			"GET and HEAD; nothing is cached; errors are RFC 9457 problem documents.");
	qrngd_json_close(json, '}');
}

/* Where nothing else is said: whether a key is asked for is up to the operator. */
static void write_ways_in(struct qrngd_json *json)
{
	qrngd_json_open(json, "security", '[');
	write_way_in(json, NULL);
	write_way_in(json, "key");
	qrngd_json_close(json, ']');
}

void qrngd_openapi_write(struct qrngd_json *json, enum qrngd_face face)
{
	size_t i;

	qrngd_json_open(json, NULL, '{');
	write_info(json);
	write_ways_in(json);
	qrngd_json_open(json, "paths", '{');
	for (i = 0; qrngd_router_at(i); i++)
		write_route(json, i, face);
	qrngd_json_close(json, '}');
	qrngd_components_write(json);
	qrngd_json_close(json, '}');
}
