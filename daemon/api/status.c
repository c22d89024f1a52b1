// SPDX-License-Identifier: MIT
/* How the daemon and its sources are doing, in detail. */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "answer.h"
#include "build.h"
#include "clock.h"
#include "count.h"
#include "exposition.h"
#include "key_metrics.h"
#include "server.h"
#include "sysfs.h"

/* All sources with all that the module says about them fit. */
#define STATUS_MAX 65536

static struct qrngd_json begin(struct qrngd_call *call)
{
	struct qrngd_json json = { .size = STATUS_MAX };

	call->ready = qrngd_supply_check(&call->worker->supply);
	json.text = h2o_mem_alloc_shared(&call->req->pool, STATUS_MAX, NULL);
	qrngd_json_open(&json, NULL, '{');
	return json;
}

static void finish(struct qrngd_call *call, struct qrngd_json *json)
{
	qrngd_json_close(json, '}');
	qrngd_answer_json(call, "application/json", json);
}

static bool has_module(const struct qrngd_call *call)
{
	return strcmp(call->worker->supply.status.engine, "device") == 0;
}

static void handle_sources(struct qrngd_call *call)
{
	struct qrngd_json json = begin(call);
	const struct qrngd_engine_status *status = &call->worker->supply.status;
	unsigned int i;

	qrngd_json_word(&json, "engine", call->worker->supply.status.engine);
	qrngd_json_open(&json, "sources", '[');
	for (i = 0; i < status->source_count; i++) {
		qrngd_json_open(&json, NULL, '{');
		qrngd_json_word(&json, "name", status->sources[i].name);
		qrngd_json_word(&json, "state", status->sources[i].state);
		if (has_module(call)) {
			qrngd_json_open(&json, "module", '{');
			qrngd_sysfs_write(&json, status->sources[i].name);
			qrngd_json_close(&json, '}');
		}
		qrngd_json_close(&json, '}');
	}
	qrngd_json_close(&json, ']');
	finish(call, &json);
}

static void write_threads(struct qrngd_json *json, const struct qrngd_server *server)
{
	unsigned int i;

	qrngd_json_open(json, "threads", '[');
	for (i = 0; i < server->worker_count; i++) {
		const struct qrngd_supply *supply = &server->workers[i].supply;

		qrngd_json_open(json, NULL, '{');
		qrngd_json_number(json, "random_bytes", qrngd_counted(&supply->bytes));
		qrngd_json_number(json, "reseeds", qrngd_counted(&supply->reseeds));
		qrngd_json_close(json, '}');
	}
	qrngd_json_close(json, ']');
}

static void handle_status(struct qrngd_call *call)
{
	struct qrngd_json json = begin(call);
	struct qrngd_server *server = call->worker->server;
	const struct qrngd_engine_status *status = &call->worker->supply.status;

	qrngd_build_write(&json, server->options);
	qrngd_json_number(&json, "uptime_seconds", (qrngd_now_ms() - server->started_ms) / 1000);
	qrngd_json_plain(&json, "ready", call->ready ? "true" : "false");
	qrngd_json_word(&json, "detail", status->detail);
	qrngd_answer_provenance(call, &json);
	qrngd_json_number(&json, "connections", atomic_load(&server->open));
	qrngd_json_number(&json, "max_connections", server->max_connections);
	write_threads(&json, server);
	if (has_module(call)) {
		qrngd_json_open(&json, "module", '{');
		qrngd_sysfs_write(&json, "drbg");
		qrngd_json_close(&json, '}');
	}
	finish(call, &json);
}

/* Return: the text, to be freed, or NULL when there is no memory. */
static char *write_metrics(const struct qrngd_call *call, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (!out)
		return NULL;
	qrngd_exposition_write(out, call->worker->server, &call->worker->supply.status);
	if (qrngd_access_is_admin(call))
		qrngd_key_metrics_write(out, &call->worker->setup->keys);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

void qrngd_status_metrics(struct qrngd_call *call)
{
	char *text;
	size_t len;

	qrngd_supply_check(&call->worker->supply);
	text = write_metrics(call, &len);
	qrngd_answer_text(call, "text/plain; version=0.0.4; charset=utf-8", text, len);
}

const struct qrngd_route qrngd_routes_status[] = {
	{
		.path = "/v1/status",
		.open = true,
		.group = "State",
		.summary = "How the daemon is doing: build, engine, connections, threads.",
		.type = "application/json",
		.handle = handle_status,
	},
	{
		.path = "/v1/sources",
		.open = true,
		.group = "State",
		.summary = "The noise sources, with all that the module tells of them.",
		.type = "application/json",
		.handle = handle_sources,
	},
	{
		.path = "/metrics",
		.shared = QRNGD_FACE_LOKEY_API,
		.open = true,
		.group = "State",
		.summary = "All counters, for Prometheus.",
		.type = "text/plain",
		.handle = qrngd_status_metrics,
	},
	{ 0 },
};
