// SPDX-License-Identifier: MIT
#include "exposition.h"

#include <dirent.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>

#include "clock.h"
#include "count.h"
#include "entropy/telemetry.h"
#include "lokey/gauges.h"
#include "metric.h"
#include "qrng.h"
#include "router.h"
#include "statm.h"

static uint64_t sum_requests(const struct qrngd_server *server, size_t route, unsigned int class)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < server->worker_count; i++)
		sum += qrngd_counted(&server->workers[i].metrics.requests[route][class]);
	return sum;
}

static void write_route(FILE *out, const struct qrngd_server *server, size_t index,
			const char *path)
{
	static const char *const classes[QRNGD_STATUS_CLASSES] = { "none", "1xx", "2xx",
								   "3xx",  "4xx", "5xx" };
	unsigned int class;

	for (class = 0; class < QRNGD_STATUS_CLASSES; class ++) {
		uint64_t count = sum_requests(server, index, class);

		if (count)
			fprintf(out,
				"qrngd_http_requests_total{path=\"%s\",status=\"%s\"} %" PRIu64
				"\n",
				path, classes[class], count);
	}
}

static void write_requests(FILE *out, const struct qrngd_server *server)
{
	const struct qrngd_route *route;
	size_t i;

	qrngd_metric_begin(out, "qrngd_http_requests_total", "counter",
			   "Requests that have ended, by path and class of their status.");
	for (i = 0; (route = qrngd_router_at(i)) != NULL; i++)
		if (!qrngd_router_again(i))
			write_route(out, server, i, route->path);
	write_route(out, server, QRNGD_ROUTES_MAX, "");
}

static uint64_t sum_bucket(const struct qrngd_server *server, unsigned int bucket)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < server->worker_count; i++)
		sum += qrngd_counted(&server->workers[i].metrics.latencies[bucket]);
	return sum;
}

static void write_latencies(FILE *out, const struct qrngd_server *server)
{
	static const char name[] = "qrngd_http_request_duration_seconds";
	uint64_t count = 0, ns = 0;
	unsigned int i;

	qrngd_metric_begin(out, name, "histogram",
			   "From a request's head to the end of its answer.");
	for (i = 0; i < QRNGD_LATENCY_BUCKETS; i++) {
		count += sum_bucket(server, i);
		fprintf(out, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, qrngd_latency_bounds[i],
			count);
	}
	count += sum_bucket(server, QRNGD_LATENCY_BUCKETS);
	for (i = 0; i < server->worker_count; i++)
		ns += qrngd_counted(&server->workers[i].metrics.duration_ns);
	fprintf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, count);
	fprintf(out, "%s_sum %.9f\n%s_count %" PRIu64 "\n", name, (double)ns / 1e9, name, count);
}

static void write_threads(FILE *out, const struct qrngd_server *server)
{
	uint64_t bodies = 0, bytes = 0, messages = 0, reseeds = 0, refused = 0;
	unsigned int i;

	for (i = 0; i < server->worker_count; i++) {
		bodies += qrngd_counted(&server->workers[i].metrics.body_bytes);
		bytes += qrngd_counted(&server->workers[i].supply.bytes);
		messages += qrngd_counted(&server->workers[i].metrics.messages);
		reseeds += qrngd_counted(&server->workers[i].supply.reseeds);
		refused += qrngd_counted(&server->workers[i].overflow.refused);
	}
	qrngd_metric_value(out, "qrngd_http_body_bytes_total", "counter",
			   "Bytes of answers' bodies.", bodies);
	qrngd_metric_value(out, "qrngd_websocket_messages_total", "counter",
			   "Messages queued for WebSocket clients.", messages);
	qrngd_metric_value(out, "qrngd_random_bytes_total", "counter",
			   "Random bytes drawn from the threads' generators.", bytes);
	qrngd_metric_value(out, "qrngd_reseeds_total", "counter",
			   "Times that a thread's generator was reseeded from the engine.",
			   reseeds);
	qrngd_metric_value(out, "qrngd_connections", "gauge", "Connections that are open.",
			   atomic_load(&server->open));
	qrngd_metric_value(out, "qrngd_connections_refused_total", "counter",
			   "Connections that were closed with 503, as there was no room.", refused);
}

static void write_raw(FILE *out, const struct qrngd_ration *ration)
{
	static const char name[] = "qrngd_raw_refusals_total";

	qrngd_metric_value(out, "qrngd_raw_bytes_total", "counter",
			   "Bytes of raw noise given to clients.", qrngd_counted(&ration->bytes));
	qrngd_metric_begin(out, name, "counter",
			   "Requests for raw noise that were refused, by what was short.");
	fprintf(out, "%s{short=\"quota\"} %" PRIu64 "\n%s{short=\"source\"} %" PRIu64 "\n", name,
		qrngd_counted(&ration->over_quota), name, qrngd_counted(&ration->dry));
}

static void write_health(FILE *out, const struct qrngd_engine_status *status)
{
	unsigned int i;

	qrngd_metric_begin(out, "qrngd_engine_health", "gauge",
			   "1 for what the engine is worth now.");
	for (i = 0; i < QRNGD_HEALTHS; i++)
		fprintf(out, "qrngd_engine_health{status=\"%s\"} %d\n", qrngd_health_word(i),
			i == status->health);
	qrngd_metric_value(out, "qrngd_ready", "gauge", "1 while bytes are to be had.",
			   qrngd_health_usable(status->health));
	qrngd_metric_value(out, "qrngd_engine_generation", "counter", "Reseeds of the engine.",
			   status->generation);
	if (!status->reseeded)
		return;
	qrngd_metric_begin(out, "qrngd_engine_reseed_age_seconds", "gauge",
			   "Since the engine's last reseed.");
	fprintf(out, "qrngd_engine_reseed_age_seconds %.3f\n",
		(double)status->reseed_age_ms / 1000);
}

static void write_sources(FILE *out, const struct qrngd_engine_status *status)
{
	unsigned int i;

	qrngd_metric_begin(out, "qrngd_source_info", "gauge",
			   "1 for each noise source, with its state.");
	for (i = 0; i < status->source_count; i++) {
		fputs("qrngd_source_info{source=\"", out);
		qrngd_metric_label(out, status->sources[i].name);
		fputs("\",state=\"", out);
		qrngd_metric_label(out, status->sources[i].state);
		fputs("\"} 1\n", out);
	}
}

static unsigned int open_descriptors(void)
{
	unsigned int count = 0;
	DIR *dir = opendir("/proc/self/fd");

	if (!dir)
		return 0;
	while (readdir(dir))
		count++;
	closedir(dir);
	/* Without "." and ".." and the folder itself. */
	return count - 3;
}

static double seconds_of(const struct timeval *time)
{
	return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

/* The names that every Prometheus client library uses for the process. */
static void write_process(FILE *out, const struct qrngd_server *server)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	qrngd_metric_begin(out, "process_cpu_seconds_total", "counter", "User and system time.");
	fprintf(out, "process_cpu_seconds_total %.6f\n",
		seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime));
	qrngd_metric_value(out, "process_resident_memory_bytes", "gauge",
			   "Memory that is resident.", qrngd_statm(QRNGD_STATM_RESIDENT));
	qrngd_metric_value(out, "process_open_fds", "gauge", "Open file descriptors.",
			   open_descriptors());
	qrngd_metric_begin(out, "qrngd_uptime_seconds", "gauge", "Since the daemon came up.");
	fprintf(out, "qrngd_uptime_seconds %.3f\n",
		(double)(qrngd_now_ms() - server->started_ms) / 1000);
}

void qrngd_exposition_write(FILE *out, const struct qrngd_server *server,
			    const struct qrngd_engine_status *status)
{
	qrngd_metric_begin(out, "qrngd_build_info", "gauge", "1, with what was built.");
	fprintf(out, "qrngd_build_info{version=\"%s\",library=\"libh2o %s\",engine=\"%s\"} 1\n",
		QRNG_VERSION, H2O_VERSION, status->engine);
	write_requests(out, server);
	write_latencies(out, server);
	write_threads(out, server);
	write_raw(out, &server->ration);
	qrngd_events_expose(out, server->events);
	write_health(out, status);
	write_sources(out, status);
	server->engine->ops->expose(server->engine, status, out);
	write_process(out, server);
	qrngd_telemetry_expose(out, server, status);
	if (server->lokey)
		qrngd_gauges_expose(out, server->lokey);
}
