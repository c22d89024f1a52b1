// SPDX-License-Identifier: MIT
#include "metrics.h"

#include <stdlib.h>

#include "clock.h"
#include "count.h"
#include "router.h"

const double qrngd_latency_bounds[QRNGD_LATENCY_BUCKETS] = {
	10e-6, 25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 25e-3, 100e-3, 500e-3, 2.5, 10,
};

/** struct tally - a request that is under way; lives in its pool and is counted with it */
struct tally {
	struct qrngd_metrics *metrics;
	h2o_req_t *req;
	size_t route;
	uint64_t begun_ns;
};

static unsigned int bucket_of(uint64_t ns)
{
	unsigned int i;

	for (i = 0; i < QRNGD_LATENCY_BUCKETS; i++)
		if ((double)ns <= qrngd_latency_bounds[i] * 1e9)
			break;
	return i;
}

static void count_tally(void *data)
{
	const struct tally *tally = data;
	struct qrngd_metrics *metrics = tally->metrics;
	uint64_t ns = qrngd_now_ns() - tally->begun_ns;
	int class = tally->req->res.status / 100;

	if (class < 0 || class >= QRNGD_STATUS_CLASSES)
		class = 0;
	qrngd_count(&metrics->requests[tally->route][class], 1);
	qrngd_count(&metrics->latencies[bucket_of(ns)], 1);
	qrngd_count(&metrics->duration_ns, ns);
	qrngd_count(&metrics->body_bytes, tally->req->bytes_sent);
}

void qrngd_metrics_begin(struct qrngd_call *call, size_t route, uint64_t begun_ns)
{
	struct tally *tally =
		h2o_mem_alloc_shared(&call->req->pool, sizeof(*tally), count_tally);

	*tally = (struct tally){
		.metrics = &call->worker->metrics,
		.req = call->req,
		.route = route,
		.begun_ns = begun_ns,
	};
}

int qrngd_metrics_init(struct qrngd_metrics *metrics)
{
	metrics->requests = calloc(QRNGD_ROUTES_MAX + 1, sizeof(metrics->requests[0]));
	return metrics->requests ? 0 : -1;
}

void qrngd_metrics_free(struct qrngd_metrics *metrics)
{
	free(metrics->requests);
	metrics->requests = NULL;
}
