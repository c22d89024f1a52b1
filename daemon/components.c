// SPDX-License-Identifier: MIT
#include "components.h"

#include <stdio.h>

static const struct header {
	const char *name;
	const char *type;
	const char *doc;
} headers[] = {
	{ "QRNG-Engine", "string", "device (the kernel module) or embedded" },
	{ "QRNG-Source", "string", "the noise sources, with commas between them" },
	{ "QRNG-Generator", "string", "what made the bytes; raw: they are noise" },
	{ "QRNG-Generation", "integer", "how often the engine was reseeded; not with raw noise" },
	{ "QRNG-Reseed-Age", "integer", "seconds since then; not before the first time" },
	{ "QRNG-Health", "string", "what the engine is worth, as in /v1/health" },
	{ "QRNG-Use", "string", "public: signed, for everybody to see; secret: for you alone" },
};

#define HEADERS (sizeof(headers) / sizeof(headers[0]))

void qrngd_components_refer(struct qrngd_json *json, const char *name, const char *folder,
			    const char *target)
{
	char text[80];

	snprintf(text, sizeof(text), "#/components/%s/%s", folder, target);
	qrngd_json_open(json, name, '{');
	qrngd_json_word(json, "$ref", text);
	qrngd_json_close(json, '}');
}

void qrngd_components_refer_headers(struct qrngd_json *json)
{
	size_t i;

	qrngd_json_open(json, "headers", '{');
	for (i = 0; i < HEADERS; i++)
		qrngd_components_refer(json, headers[i].name, "headers", headers[i].name);
	qrngd_json_close(json, '}');
}

static void write_headers(struct qrngd_json *json)
{
	size_t i;

	qrngd_json_open(json, "headers", '{');
	for (i = 0; i < HEADERS; i++) {
		qrngd_json_open(json, headers[i].name, '{');
		qrngd_json_word(json, "description", headers[i].doc);
		qrngd_json_open(json, "schema", '{');
		qrngd_json_word(json, "type", headers[i].type);
		qrngd_json_close(json, '}');
		qrngd_json_close(json, '}');
	}
	qrngd_json_close(json, '}');
}

static void write_member(struct qrngd_json *json, const char *name, const char *type,
			 const char *doc)
{
	qrngd_json_open(json, name, '{');
	qrngd_json_word(json, "type", type);
	qrngd_json_word(json, "description", doc);
	qrngd_json_close(json, '}');
}

/* RFC 9457, with the members of its own that a refused parameter has. */
static void write_problem_schema(struct qrngd_json *json)
{
	qrngd_json_open(json, "Problem", '{');
	qrngd_json_word(json, "type", "object");
	qrngd_json_plain(json, "required", "[\"type\",\"title\",\"status\",\"detail\"]");
	qrngd_json_open(json, "properties", '{');
	write_member(json, "type", "string", "about:blank: the status says it all");
	write_member(json, "title", "string", "the status in words");
	write_member(json, "status", "integer", "the status");
	write_member(json, "detail", "string", "what was wrong this time");
	write_member(json, "parameter", "string", "the parameter that was wrong");
	write_member(json, "value", "string", "its value, 64 characters of it at most");
	write_member(json, "allowed", "string", "what would do");
	qrngd_json_close(json, '}');
	qrngd_json_close(json, '}');
}

static void write_problem(struct qrngd_json *json, const char *name, const char *what)
{
	qrngd_json_open(json, name, '{');
	qrngd_json_word(json, "description", what);
	qrngd_json_open(json, "content", '{');
	qrngd_json_open(json, "application/problem+json", '{');
	qrngd_components_refer(json, "schema", "schemas", "Problem");
	qrngd_json_close(json, '}');
	qrngd_json_close(json, '}');
	qrngd_json_close(json, '}');
}

static void write_responses(struct qrngd_json *json)
{
	qrngd_json_open(json, "responses", '{');
	write_problem(json, "BadRequest",
		      "A parameter is unknown, repeated, or not of those allowed.");
	write_problem(json, "Conflict", "What is wished does not go, and nothing was changed.");
	write_problem(json, "Forbidden", "There is no such token: use the admin socket.");
	write_problem(json, "KeyForbids", "This is more than the key may have in any day.");
	write_problem(json, "KeyNeeded", "Keys are asked for, and none came that is known.");
	write_problem(json, "NoWebSocket", "The request asks for no WebSocket.");
	write_problem(json, "Problem", "Anything else that went wrong.");
	write_problem(json, "QuotaUsed", "A quota is used up; Retry-After says how long.");
	write_problem(json, "Unauthorized", "This needs the administrator's token.");
	write_problem(json, "Unavailable", "There is no healthy noise source, or no memory.");
	qrngd_json_close(json, '}');
}

static void write_bearer(struct qrngd_json *json, const char *name, const char *doc)
{
	qrngd_json_open(json, name, '{');
	qrngd_json_word(json, "type", "http");
	qrngd_json_word(json, "scheme", "bearer");
	qrngd_json_word(json, "description", doc);
	qrngd_json_close(json, '}');
}

static void write_security(struct qrngd_json *json)
{
	qrngd_json_open(json, "securitySchemes", '{');
	write_bearer(json, "token", "The administrator's token; not needed on the admin socket.");
	write_bearer(json, "key", "An API key; needed where the operator asks for keys.");
	qrngd_json_close(json, '}');
}

void qrngd_components_write(struct qrngd_json *json)
{
	qrngd_json_open(json, "components", '{');
	write_headers(json);
	qrngd_json_open(json, "schemas", '{');
	write_problem_schema(json);
	qrngd_json_close(json, '}');
	write_responses(json);
	write_security(json);
	qrngd_json_close(json, '}');
}
