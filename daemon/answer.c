// SPDX-License-Identifier: MIT
#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include "cors.h"
#include "digits.h"
#include "problem.h"
#include "statement.h"

/* Most answers have fewer. */
#define HEADERS_USUAL 24

static struct qrngd_header engine_header = QRNGD_HEADER("qrng-engine", "QRNG-Engine");
static struct qrngd_header source_header = QRNGD_HEADER("qrng-source", "QRNG-Source");
static struct qrngd_header generator_header = QRNGD_HEADER("qrng-generator", "QRNG-Generator");
static struct qrngd_header generation_header = QRNGD_HEADER("qrng-generation", "QRNG-Generation");
static struct qrngd_header age_header = QRNGD_HEADER("qrng-reseed-age", "QRNG-Reseed-Age");
static struct qrngd_header health_header = QRNGD_HEADER("qrng-health", "QRNG-Health");
static struct qrngd_header use_header = QRNGD_HEADER("qrng-use", "QRNG-Use");
static struct qrngd_header nosniff_header =
	QRNGD_HEADER("x-content-type-options", "X-Content-Type-Options");

void qrngd_answer_reserve(h2o_req_t *req)
{
	h2o_headers_t *headers = &req->res.headers;

	headers->entries =
		qrngd_pool_alloc(&req->pool, HEADERS_USUAL * sizeof(headers->entries[0]));
	headers->capacity = HEADERS_USUAL;
}

void qrngd_answer_header(struct qrngd_call *call, struct qrngd_header *header, const char *value,
			 size_t len)
{
	h2o_headers_t *headers = &call->req->res.headers;

	h2o_vector_reserve(&call->req->pool, headers, headers->size + 1);
	headers->entries[headers->size++] = (h2o_header_t){
		.name = &header->name,
		.orig_name = header->proper,
		.value = h2o_iovec_init(value, len),
	};
}

void qrngd_answer_header_number(struct qrngd_call *call, struct qrngd_header *header,
				uint64_t value)
{
	char *text = qrngd_pool_alloc(&call->req->pool, QRNGD_DIGITS_MAX);

	qrngd_answer_header(call, header, text, qrngd_digits(text, value));
}

/* Copied into the pool, since they may change before this is sent. */
h2o_iovec_t qrngd_answer_sources(struct qrngd_call *call)
{
	const struct qrngd_engine_status *status = &call->worker->supply.status;
	size_t size = status->source_count * sizeof(status->sources[0].name), len = 0;
	char *text = qrngd_pool_alloc(&call->req->pool, size + 1);
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

static void add_word(struct qrngd_call *call, struct qrngd_header *header, const char *word)
{
	qrngd_answer_header(call, header, word, strlen(word));
}

/* What was signed is for everybody to see; what was not is for nobody else. */
static void add_use(struct qrngd_call *call)
{
	add_word(call, &use_header, qrngd_statement_wanted(call) ? "public" : "secret");
}

/* Noise comes through no generator, so it has no generation and no age either. */
static const char *generator_of(const struct qrngd_call *call)
{
	return call->raw ? "raw" : qrngd_call_supply(call)->generator->type->name;
}

static void add_provenance(struct qrngd_call *call)
{
	const struct qrngd_supply *supply = qrngd_call_supply(call);
	h2o_iovec_t sources = qrngd_answer_sources(call);

	add_word(call, &engine_header, supply->status.engine);
	qrngd_answer_header(call, &source_header, sources.base, sources.len);
	add_word(call, &generator_header, generator_of(call));
	if (!call->raw)
		qrngd_answer_header_number(call, &generation_header, supply->status.generation);
	if (!call->raw && supply->status.reseeded)
		qrngd_answer_header_number(call, &age_header, supply->status.reseed_age_ms / 1000);
	add_word(call, &health_header, qrngd_health_word(supply->status.health));
}

void qrngd_answer_provenance(struct qrngd_call *call, struct qrngd_json *json)
{
	const struct qrngd_supply *supply = &call->worker->supply;
	unsigned int i;

	qrngd_json_open(json, "provenance", '{');
	qrngd_json_word(json, "engine", supply->status.engine);
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
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, type,
		       strlen(type));
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CACHE_CONTROL, NULL,
		       H2O_STRLIT("no-store"));
	add_word(call, &nosniff_header, "nosniff");
	if (call->raw)
		add_provenance(call);
	else
		qrngd_rendered_add(call, call->supply ? &call->worker->tap_provenance
						      : &call->worker->provenance,
				   add_provenance);
	if (call->route && call->route->signable)
		add_use(call);
	qrngd_cors_add(call);
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

void qrngd_answer_text(struct qrngd_call *call, const char *type, char *text, size_t len)
{
	char *copy;

	if (!text) {
		qrngd_problem_send(call, 503, "out of memory");
		return;
	}
	copy = h2o_mem_alloc_shared(&call->req->pool, len, NULL);
	memcpy(copy, text, len);
	free(text);
	qrngd_answer_begin(call, type, len);
	qrngd_answer_whole(call, copy, len);
}

void qrngd_answer_retry_after(struct qrngd_call *call, uint64_t seconds)
{
	char *text = qrngd_pool_alloc(&call->req->pool, QRNGD_DIGITS_MAX);

	h2o_add_header(&call->req->pool, &call->req->res.headers, H2O_TOKEN_RETRY_AFTER, NULL,
		       text, qrngd_digits(text, seconds));
}
