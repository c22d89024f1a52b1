// SPDX-License-Identifier: MIT
#include "telemetry.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#include "answer.h"
#include "count.h"
#include "digits.h"
#include "qrng.h"
#include "server.h"

static struct qrngd_header version_header = QRNGD_HEADER("x-rng-version", "X-RNG-Version");
static struct qrngd_header source_header = QRNGD_HEADER("x-rng-source", "X-RNG-Source");
static struct qrngd_header drbg_header = QRNGD_HEADER("x-rng-drbg", "X-RNG-DRBG");
static struct qrngd_header age_header = QRNGD_HEADER("x-rng-reseed-age-ms", "X-RNG-Reseed-Age-ms");
static struct qrngd_header age_test_header =
	QRNGD_HEADER("x-rng-reseed-age-ms-test", "X-RNG-Reseed-Age-ms-test");
static struct qrngd_header interval_header =
	QRNGD_HEADER("x-rng-reseed-interval-ms", "X-RNG-Reseed-Interval-ms");
static struct qrngd_header size_header =
	QRNGD_HEADER("x-rng-reseed-size-bits", "X-RNG-Reseed-Size-bits");
static struct qrngd_header buffered_header =
	QRNGD_HEADER("x-rng-entropy-buffered-kb", "X-RNG-Entropy-Buffered-kB");
static struct qrngd_header percent_header =
	QRNGD_HEADER("x-rng-entropy-buffered-%", "X-RNG-Entropy-Buffered-%");
static struct qrngd_header metric_header = QRNGD_HEADER("x-entropy-metric", "X-Entropy-Metric");
static struct qrngd_header refresh_header = QRNGD_HEADER("refresh", "Refresh");

bool qrngd_telemetry_meant(const struct qrngd_call *call, size_t shared)
{
	size_t i;

	for (i = shared; call->route->params[i].name; i++)
		if (call->values[i].given)
			return false;
	return true;
}

static void add_word(struct qrngd_call *call, struct qrngd_header *header, const char *word)
{
	qrngd_answer_header(call, header, word, strlen(word));
}

/* There is no age before the first time. */
static void add_age(struct qrngd_call *call, struct qrngd_header *header)
{
	const struct qrngd_engine_status *status = &call->worker->supply.status;

	if (status->reseeded)
		qrngd_answer_header_number(call, header, status->reseed_age_ms);
}

/* The algorithm, as entropy-service spells it. */
static const char *drbg_word(const struct qrngd_supply *supply)
{
	const char *name = supply->generator->type->name;

	return strcmp(name, "chacha20") == 0 ? "ChaCha20" : "AES-256-CTR";
}

static uint64_t buffered_percent(const struct qrngd_engine_status *status)
{
	return status->buffered_max ? status->buffered * 100 / status->buffered_max : 0;
}

static void add_telemetry(struct qrngd_call *call)
{
	const struct qrngd_supply *supply = &call->worker->supply;
	const struct qrngd_engine_status *status = &supply->status;
	h2o_iovec_t sources = qrngd_answer_sources(call);

	add_word(call, &version_header, QRNG_VERSION);
	qrngd_answer_header(call, &source_header, sources.base, sources.len);
	add_word(call, &drbg_header, drbg_word(supply));
	add_age(call, &age_header);
	qrngd_answer_header_number(call, &interval_header, status->reseed_interval_ms);
	qrngd_answer_header_number(call, &size_header, QRNGD_NOISE_BITS);
	qrngd_answer_header_number(call, &buffered_header, status->buffered / 1024);
}

void qrngd_telemetry_add(struct qrngd_call *call)
{
	qrngd_rendered_add(call, &call->worker->telemetry, add_telemetry);
}

void qrngd_telemetry_add_percent(struct qrngd_call *call)
{
	qrngd_answer_header_number(call, &percent_header,
				   buffered_percent(&call->worker->supply.status));
}

void qrngd_telemetry_metric(struct qrngd_call *call, const char *metric, bool test)
{
	add_word(call, &metric_header, metric);
	add_age(call, test ? &age_test_header : &age_header);
}

void qrngd_telemetry_refresh(struct qrngd_call *call)
{
	add_word(call, &refresh_header, "5");
}

void qrngd_telemetry_write(struct qrngd_call *call, struct qrngd_json *json)
{
	const struct qrngd_supply *supply = &call->worker->supply;
	const struct qrngd_engine_status *status = &supply->status;
	h2o_iovec_t sources = qrngd_answer_sources(call);

	qrngd_json_word(json, "rng_version", QRNG_VERSION);
	qrngd_json_string(json, "rng_source", sources.base, sources.len);
	qrngd_json_word(json, "rng_drbg", drbg_word(supply));
	if (status->reseeded)
		qrngd_json_number(json, "reseed_age_ms", status->reseed_age_ms);
	qrngd_json_number(json, "reseed_interval_ms", status->reseed_interval_ms);
	qrngd_json_number(json, "reseed_size_bits", QRNGD_NOISE_BITS);
	qrngd_json_number(json, "entropy_buffered_kb", status->buffered / 1024);
	qrngd_json_number(json, "entropy_buffered_pct", buffered_percent(status));
}

static void expose(FILE *out, const char *name, const char *type, const char *help, uint64_t value)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, help, name, type, name,
		value);
}

static uint64_t count_requests(const struct qrngd_server *server)
{
	uint64_t sum = 0;
	unsigned int i;
	size_t j;

	for (i = 0; i < server->worker_count; i++)
		for (j = 0; j <= QRNGD_LATENCY_BUCKETS; j++)
			sum += qrngd_counted(&server->workers[i].metrics.latencies[j]);
	return sum;
}

void qrngd_telemetry_expose(FILE *out, const struct qrngd_server *server,
			    const struct qrngd_engine_status *status)
{
	uint64_t bytes = 0, messages = 0;
	unsigned int i;

	for (i = 0; i < server->worker_count; i++) {
		bytes += qrngd_counted(&server->workers[i].supply.bytes);
		messages += qrngd_counted(&server->workers[i].metrics.messages);
	}
	expose(out, "rng_mb_generated_total", "counter", "Random MiB drawn, whole ones.",
	       bytes >> 20);
	expose(out, "rng_reseeds_total", "counter", "Reseeds of the engine.", status->generation);
	if (status->reseeded)
		expose(out, "rng_reseed_age_ms", "gauge", "Since the engine's last reseed.",
		       status->reseed_age_ms);
	expose(out, "qrng_buffer_capacity_kb", "gauge", "Tested noise that waits, in KiB.",
	       status->buffered / 1024);
	expose(out, "qrng_buffer_capacity_pct", "gauge", "The same in percent of what can wait.",
	       buffered_percent(status));
	expose(out, "entropy_buffer_capacity_kb", "gauge", "What can wait, in KiB.",
	       status->buffered_max / 1024);
	expose(out, "http_requests_total", "counter", "Requests that have ended.",
	       count_requests(server));
	expose(out, "wss_payloads", "counter", "Messages queued for WebSocket clients.", messages);
	expose(out, "drbg_instance_count", "gauge", "Generators, one for each thread.",
	       server->worker_count);
}
