// SPDX-License-Identifier: MIT
#include "answer.h"

#include <string.h>

#include "digits.h"
#include "statement.h"

#define NUMBER_MAX 24

/* Names that stay the same: one static object each, as the library wants a pointer. */
#define HEADER(token, lower, proper)                                                               \
	static h2o_iovec_t token##_name = { (char *)(lower), sizeof(lower) - 1 };                  \
	static const char token##_proper[] = proper

HEADER(engine, "qrng-engine", "QRNG-Engine");
HEADER(source, "qrng-source", "QRNG-Source");
HEADER(generator, "qrng-generator", "QRNG-Generator");
HEADER(generation, "qrng-generation", "QRNG-Generation");
HEADER(age, "qrng-reseed-age", "QRNG-Reseed-Age");
HEADER(health, "qrng-health", "QRNG-Health");
HEADER(use, "qrng-use", "QRNG-Use");
HEADER(nosniff, "x-content-type-options", "X-Content-Type-Options");

static void add(h2o_req_t *req, h2o_iovec_t *name, const char *proper, const char *value,
		size_t len)
{
	h2o_headers_t *headers = &req->res.headers;

	h2o_vector_reserve(&req->pool, headers, headers->size + 1);
	headers->entries[headers->size++] = (h2o_header_t){
		.name = name,
		.orig_name = proper,
		.value = h2o_iovec_init(value, len),
	};
}

/* The names of all sources, into the pool: they may change before this is sent. */
static h2o_iovec_t join_sources(h2o_req_t *req, const struct qrngd_engine_status *status)
{
	size_t size = status->source_count * sizeof(status->sources[0].name), len = 0;
	char *text = qrngd_pool_alloc(&req->pool, size + 1);
	unsigned int i;

	for (i = 0; i < status->source_count; i++) {
		size_t part = strlen(status->sources[i].name);

		if (i)
			text[len++] = ',';
		memcpy(text + len, status->sources[i].name, part);
		len += part;
	}
	return h2o_iovec_init(text, len);
}

static void add_number(h2o_req_t *req, h2o_iovec_t *name, const char *proper, uint64_t value)
{
	char *text = qrngd_pool_alloc(&req->pool, NUMBER_MAX);

	add(req, name, proper, text, qrngd_digits(text, value));
}

/* What was signed is for everybody to see; what was not is for nobody else. */
static void add_use(struct qrngd_call *call)
{
	const char *word = qrngd_statement_wanted(call) ? "public" : "secret";

	add(call->req, &use_name, use_proper, word, strlen(word));
}

/* Noise comes through no generator, so it has no generation and no age either. */
static const char *generator_of(const struct qrngd_call *call)
{
	return call->raw ? "raw" : call->worker->supply.generator->type->name;
}

static void add_provenance(struct qrngd_call *call)
{
	const struct qrngd_supply *supply = &call->worker->supply;
	const char *engine_word = supply->engine->ops->name;
	const char *generator_word = generator_of(call);
	const char *health_word = qrngd_health_word(supply->status.health);
	h2o_iovec_t sources = join_sources(call->req, &supply->status);

	add(call->req, &engine_name, engine_proper, engine_word, strlen(engine_word));
	add(call->req, &source_name, source_proper, sources.base, sources.len);
	add(call->req, &generator_name, generator_proper, generator_word, strlen(generator_word));
	if (!call->raw)
		add_number(call->req, &generation_name, generation_proper,
			   supply->status.generation);
	if (!call->raw && supply->status.reseeded)
		add_number(call->req, &age_name, age_proper, supply->status.reseed_age_ms / 1000);
	add(call->req, &health_name, health_proper, health_word, strlen(health_word));
	if (call->route && call->route->signable)
		add_use(call);
}

void qrngd_answer_provenance(struct qrngd_call *call, struct qrngd_json *json)
{
	const struct qrngd_supply *supply = &call->worker->supply;
	unsigned int i;

	qrngd_json_open(json, "provenance", '{');
	qrngd_json_word(json, "engine", supply->engine->ops->name);
	qrngd_json_open(json, "sources", '[');
	for (i = 0; i < supply->status.source_count; i++)
		qrngd_json_word(json, NULL, supply->status.sources[i].name);
	qrngd_json_close(json, ']');
	qrngd_json_word(json, "generator", generator_of(call));
	if (!call->raw)
		qrngd_json_number(json, "generation", supply->status.generation);
	if (!call->raw && supply->status.reseeded)
		qrngd_json_number(json, "reseed_age_seconds", supply->status.reseed_age_ms / 1000);
	qrngd_json_word(json, "health", qrngd_health_word(supply->status.health));
	qrngd_json_close(json, '}');
}

void qrngd_answer_begin(struct qrngd_call *call, const char *type, size_t len)
{
	h2o_req_t *req = call->req;

	if (!req->res.status)
		req->res.status = 200;
	req->res.content_length = len;
	h2o_vector_reserve(&req->pool, &req->res.headers, req->res.headers.size + 11);
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, type,
		       strlen(type));
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CACHE_CONTROL, NULL,
		       H2O_STRLIT("no-store"));
	add(req, &nosniff_name, nosniff_proper, "nosniff", sizeof("nosniff") - 1);
	add_provenance(call);
}

void qrngd_answer_whole(struct qrngd_call *call, const void *body, size_t len)
{
	static h2o_generator_t generator;
	h2o_iovec_t part = h2o_iovec_init(body, len);

	h2o_start_response(call->req, &generator);
	h2o_send(call->req, &part, call->head ? 0 : 1, H2O_SEND_STATE_FINAL);
}

void qrngd_answer_json(struct qrngd_call *call, const char *type, const struct qrngd_json *json)
{
	/* Buffers are sized so that all fits; an empty body is the honest rest. */
	size_t len = json->full ? 0 : json->len;

	qrngd_answer_begin(call, type, len);
	qrngd_answer_whole(call, json->text, len);
}

void qrngd_answer_retry_after(struct qrngd_call *call, uint64_t seconds)
{
	char *text = qrngd_pool_alloc(&call->req->pool, NUMBER_MAX);

	h2o_add_header_by_str(&call->req->pool, &call->req->res.headers, H2O_STRLIT("retry-after"),
			      1, NULL, text, qrngd_digits(text, seconds));
}
