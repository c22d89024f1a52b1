// SPDX-License-Identifier: MIT
/* LoKey's API: how it is doing, and what there is. */
#include "lokey.h"

#include <stdio.h>
#include <string.h>

#include "answers.h"
#include "api/api.h"
#include "server.h"

#define STATUS_MAX 8192

static struct qrngd_queues *queues_of(const struct qrngd_call *call)
{
	return call->worker->server->lokey->queues;
}

static void put_fraction(struct qrngd_json *json, const char *name, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.10g", value);
	qrngd_json_plain(json, name, text);
}

/* Only a store knows of days. */
static void put_today(struct qrngd_json *json, struct qrngd_queues *queues,
		      enum qrngd_queue_kind kind)
{
	struct qrngd_usage_of_day usage;

	if (!queues->kept)
		return;
	qrngd_ledger_today(&queues->ledger, kind, &usage);
	qrngd_json_open(json, "today", '{');
	qrngd_json_number(json, "requests", usage.requests);
	qrngd_json_number(json, "bytes", usage.bytes);
	qrngd_json_close(json, '}');
}

static void put_queue(struct qrngd_json *json, struct qrngd_queues *queues,
		      enum qrngd_queue_kind kind)
{
	struct qrngd_queue *queue = &queues->queues[kind];
	struct qrngd_queue_figures figures;

	qrngd_queue_figures(queue, &figures);
	qrngd_json_open(json, qrngd_queue_words[queue->kind], '{');
	if (queue->kind != QRNGD_QUEUE_VIRTIO)
		qrngd_json_number(json, "polling_count", figures.polling_count);
	qrngd_json_number(json, "queue_current", figures.queue_current);
	qrngd_json_number(json, "queue_capacity", figures.queue_capacity);
	put_fraction(json, "queue_percentage", figures.queue_percentage);
	qrngd_json_number(json, "queue_dropped", figures.queue_dropped);
	qrngd_json_number(json, "consumed_count", figures.consumed_count);
	qrngd_json_number(json, "unconsumed_count", figures.queue_current);
	qrngd_json_number(json, "total_generated", figures.total_generated);
	put_today(json, queues, kind);
	qrngd_json_close(json, '}');
}

static void put_store(struct qrngd_json *json, const struct qrngd_queues *queues)
{
	static const char *const units[] = { "B", "KB", "MB", "GB" };
	uint64_t size = queues->kept ? qrngd_store_size(&queues->ledger.store) : 0;
	double shown = (double)size;
	char text[48];
	size_t unit;

	for (unit = 0; shown >= 1024 && unit < 3; unit++)
		shown /= 1024;
	snprintf(text, sizeof(text), unit ? "%.1f %s%s" : "%.0f %s%s", shown, units[unit],
		 queues->kept ? "" : " (in-memory)");
	qrngd_json_open(json, "database", '{');
	qrngd_json_number(json, "size_bytes", size);
	qrngd_json_word(json, "size_human", text);
	qrngd_json_word(json, "path", queues->kept ? queues->ledger.store.path : "memory://queues");
	qrngd_json_close(json, '}');
}

/* The tests that LoKey means: cut-offs that fit the claim, and failures that have an end. */
static void put_tests(struct qrngd_json *json, const struct qrngd_quality_figures *figures)
{
	const struct qrng_health *health = &figures->health;

	qrngd_json_open(json, "sp800_90b", '{');
	qrngd_json_number(json, "min_entropy_bits_per_1024", QRNGD_QUALITY_CLAIM);
	qrngd_json_number(json, "startup_samples_left", health->startup_left);
	qrngd_json_number(json, "rct_cutoff", health->intermittent.rct);
	qrngd_json_number(json, "rct_failures", health->rct_failures);
	qrngd_json_number(json, "apt_window", QRNG_APT_WINDOW);
	qrngd_json_number(json, "apt_cutoff", health->intermittent.apt);
	qrngd_json_number(json, "apt_failures", health->apt_failures);
	qrngd_json_number(json, "bytes_refused", figures->refused);
	qrngd_json_close(json, '}');
}

/* Sums since the start hide what has changed; the last 4 KiB don't. */
static void put_recent(struct qrngd_json *json, const struct qrngd_quality_figures *figures)
{
	static const char *const grades[] = { "good", "warning", "critical" };
	const struct qrng_figures *recent = &figures->recent;

	qrngd_json_open(json, "recent", '{');
	qrngd_json_number(json, "bytes", recent->bytes);
	put_fraction(json, "average", recent->ones_ppm / 1e6);
	qrngd_json_word(json, "grade", grades[figures->grade]);
	put_fraction(json, "chi_square", (double)recent->chi_square_milli / 1e3);
	put_fraction(json, "correlation", recent->correlation_ppm / 1e6);
	qrngd_json_number(json, "longest_run", recent->longest_run);
	qrngd_json_close(json, '}');
}

static void put_quality(struct qrngd_json *json, struct qrngd_quality *quality)
{
	struct qrngd_quality_figures figures;

	qrngd_quality_look(quality, &figures);
	qrngd_json_open(json, "trng_quality", '{');
	qrngd_json_open(json, "monobit", '{');
	qrngd_json_number(json, "zeros", figures.zeros);
	qrngd_json_number(json, "ones", figures.ones);
	qrngd_json_number(json, "total", figures.zeros + figures.ones);
	put_fraction(json, "average", figures.average);
	qrngd_json_close(json, '}');
	qrngd_json_open(json, "repetition_count", '{');
	qrngd_json_number(json, "failures", figures.repetition_failures);
	qrngd_json_number(json, "current_run", figures.current_run);
	qrngd_json_number(json, "last_value", figures.last_value);
	qrngd_json_close(json, '}');
	qrngd_json_open(json, "apt", '{');
	qrngd_json_number(json, "window_size", figures.window_size);
	qrngd_json_number(json, "cutoff", figures.cutoff);
	qrngd_json_number(json, "bias_count", figures.bias_count);
	qrngd_json_number(json, "samples_processed", figures.samples);
	qrngd_json_close(json, '}');
	put_tests(json, &figures);
	put_recent(json, &figures);
	qrngd_json_close(json, '}');
}

static void handle_status(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, STATUS_MAX);
	struct qrngd_queues *queues = queues_of(call);
	enum qrngd_queue_kind kind;

	for (kind = 0; kind < QRNGD_QUEUES; kind++)
		put_queue(&json, queues, kind);
	put_store(&json, queues);
	put_quality(&json, &queues->quality);
	qrngd_lokey_finish(call, &json);
}

static void put_truth(struct qrngd_json *json, const char *name, bool truth)
{
	qrngd_json_plain(json, name, truth ? "true" : "false");
}

/* Whoever has Fortuna has all but noise: that alone is a matter of taste. */
static void handle_health(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);
	const struct qrngd_queues *queues = queues_of(call);
	bool fortuna = qrngd_tap_ready(&call->worker->tap), noise;
	bool database = !queues->kept || !queues->ledger.store.failing;

	call->ready = qrngd_supply_check(&call->worker->supply);
	noise = call->ready && qrngd_engine_has_noise(call->worker->supply.engine);
	if (!fortuna) {
		call->req->res.status = 503;
		call->req->res.reason = "Service Unavailable";
	}
	qrngd_json_word(&json, "status",
			!fortuna	    ? "unhealthy"
			: noise && database ? "healthy"
					    : "degraded");
	qrngd_lokey_now(&json, "timestamp");
	qrngd_json_open(&json, "details", '{');
	put_truth(&json, "api", true);
	put_truth(&json, "controller", noise);
	put_truth(&json, "fortuna", fortuna);
	put_truth(&json, "virtio", fortuna || noise);
	put_truth(&json, "database", database);
	qrngd_json_close(&json, '}');
	qrngd_lokey_finish(call, &json);
}

const struct qrngd_route qrngd_routes_lokey_state[] = {
	{
		.path = "/api/v1/status",
		.open = true,
		.group = "LoKey: API",
		.summary = "The queues, the store, and what the noise looks like.",
		.type = "application/json",
		.handle = handle_status,
	},
	{
		.path = "/api/v1/health",
		.open = true,
		.group = "LoKey: API",
		.summary = "healthy, or degraded when there is no noise or no store, or 503 and "
			   "unhealthy when there is nothing to be had.",
		.type = "application/json",
		.handle = handle_health,
	},
	{
		.path = "/api/v1/metrics",
		.open = true,
		.group = "LoKey: API",
		.summary = "The same as /metrics.",
		.type = "text/plain",
		.handle = qrngd_status_metrics,
	},
	{
		.path = "/swagger/doc.json",
		.open = true,
		.group = "LoKey: API",
		.summary = "What there is on this port, as an OpenAPI 3.1 document.",
		.type = "application/json",
		.handle = qrngd_describe_openapi,
	},
	{
		.path = "/swagger/index.html",
		.open = true,
		.group = "LoKey: API",
		.summary = "The same as a page for people.",
		.type = "text/html",
		.handle = qrngd_describe_page,
	},
	{ 0 },
};
