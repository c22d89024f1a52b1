// SPDX-License-Identifier: MIT
#include "api.h"

#include <string.h>

#include "answer.h"
#include "build.h"
#include "clock.h"
#include "entropy/telemetry.h"
#include "problem.h"
#include "server.h"

/* All sources with names that are escaped from end to end fit. */
#define HEALTH_MAX 16384

static void write_sources(struct qrngd_json *json, const struct qrngd_engine_status *status)
{
	unsigned int i;

	qrngd_json_open(json, "sources", '[');
	for (i = 0; i < status->source_count; i++) {
		qrngd_json_open(json, NULL, '{');
		qrngd_json_word(json, "name", status->sources[i].name);
		qrngd_json_word(json, "state", status->sources[i].state);
		qrngd_json_close(json, '}');
	}
	qrngd_json_close(json, ']');
}

static void write_generator(struct qrngd_json *json, const struct qrngd_supply *supply)
{
	qrngd_json_word(json, "generator", supply->generator->type->name);
	qrngd_json_number(json, "generation", supply->status.generation);
	if (supply->status.reseeded)
		qrngd_json_number(json, "reseed_age_seconds", supply->status.reseed_age_ms / 1000);
}

/* What stands behind the status, and the end of the document. */
static void finish(struct qrngd_call *call, struct qrngd_json *json)
{
	const struct qrngd_server *server = call->worker->server;
	const struct qrngd_supply *supply = &call->worker->supply;

	qrngd_json_word(json, "detail", supply->status.detail);
	qrngd_json_word(json, "engine", supply->status.engine);
	write_generator(json, supply);
	write_sources(json, &supply->status);
	qrngd_json_number(json, "uptime_seconds", (qrngd_now_ms() - server->started_ms) / 1000);
	qrngd_build_write(json, server->options);
	qrngd_json_close(json, '}');
	if (!call->ready) {
		call->req->res.status = 503;
		call->req->res.reason = "Service Unavailable";
		qrngd_answer_retry_after(call, 1);
	}
	qrngd_answer_json(call, "application/json", json);
}

static struct qrngd_json begin(struct qrngd_call *call)
{
	struct qrngd_json json = { .size = HEALTH_MAX };

	call->ready = qrngd_supply_check(&call->worker->supply);
	json.text = qrngd_pool_alloc(&call->req->pool, HEALTH_MAX);
	qrngd_json_open(&json, NULL, '{');
	return json;
}

static void handle_health(struct qrngd_call *call)
{
	struct qrngd_json json = begin(call);

	qrngd_json_word(&json, "status", qrngd_health_word(call->worker->supply.status.health));
	finish(call, &json);
}

/* Where entropy-service has its own document: "ok" is the word its clients look for. */
static void handle_entropy_health(struct qrngd_call *call)
{
	struct qrngd_json json = begin(call);
	enum qrngd_health health = call->worker->supply.status.health;

	qrngd_json_word(&json, "status",
			health == QRNGD_HEALTHY ? "ok" : qrngd_health_word(health));
	qrngd_telemetry_write(call, &json);
	qrngd_telemetry_add(call);
	finish(call, &json);
}

static void send_text(struct qrngd_call *call, const char *text)
{
	qrngd_answer_begin(call, "text/plain; charset=utf-8", strlen(text));
	qrngd_answer_whole(call, text, strlen(text));
}

/* Whether this process can answer at all: whoever restarts it must not do so for a source. */
static void handle_healthz(struct qrngd_call *call)
{
	send_text(call, "ok\n");
}

static void handle_readyz(struct qrngd_call *call)
{
	call->ready = qrngd_supply_check(&call->worker->supply);
	if (call->ready)
		send_text(call, "ok\n");
	else
		qrngd_problem_unavailable(call);
}

const struct qrngd_route qrngd_routes_health[] = {
	{
		.path = "/v1/health",
		.open = true,
		.group = "State",
		.summary = "What the daemon is worth now; 503 when it has no bytes to give.",
		.type = "application/json",
		.handle = handle_health,
	},
	{
		.path = "/healthz",
		.open = true,
		.group = "State",
		.summary = "The daemon is alive; says nothing of its sources.",
		.type = "text/plain",
		.handle = handle_healthz,
	},
	{
		.path = "/readyz",
		.open = true,
		.group = "State",
		.summary = "Bytes are to be had; 503 when not.",
		.type = "text/plain",
		.handle = handle_readyz,
	},
	{
		.path = "/health",
		.open = true,
		.group = "State",
		.summary = "The same, with entropy-service's members, where \"ok\" means healthy.",
		.type = "application/json",
		.handle = handle_entropy_health,
	},
	{ 0 },
};
