// SPDX-License-Identifier: MIT
#include "lokey/gauges.h"

#include <inttypes.h>

#include "metric.h"

static void write_gauge(FILE *out, const char *queue, const char *name, const char *help,
			uint64_t value)
{
	char full[64];

	snprintf(full, sizeof(full), "%s_%s", queue, name);
	qrngd_metric_value(out, full, "gauge", help, value);
}

static void write_queue(FILE *out, struct qrngd_queue *queue)
{
	const char *name = qrngd_queue_words[queue->kind];
	struct qrngd_queue_figures figures;

	qrngd_queue_figures(queue, &figures);
	write_gauge(out, name, "queue_current", "Items in the queue.", figures.queue_current);
	write_gauge(out, name, "queue_capacity", "Items it can hold.", figures.queue_capacity);
	fprintf(out,
		"# HELP %s_queue_percentage Of it that is full, 0 to 100.\n"
		"# TYPE %s_queue_percentage gauge\n%s_queue_percentage %.6f\n",
		name, name, name, figures.queue_percentage);
	write_gauge(out, name, "consumed", "Items handed out.", figures.consumed_count);
	write_gauge(out, name, "unconsumed", "Items not handed out yet.", figures.queue_current);
	write_gauge(out, name, "dropped", "Items dropped.", figures.queue_dropped);
}

void qrngd_gauges_expose(FILE *out, const struct qrngd_lokey *lokey)
{
	struct qrngd_queues *queues = lokey->queues;
	struct qrngd_quality_figures quality;
	unsigned int kind;

	for (kind = 0; kind < QRNGD_QUEUES; kind++)
		write_queue(out, &queues->queues[kind]);
	qrngd_metric_value(out, "database_size_bytes", "gauge", "What the store takes on the disk.",
			   queues->kept ? qrngd_store_size(&queues->ledger.store) : 0);
	qrngd_quality_look(&queues->quality, &quality);
	qrngd_metric_value(out, "trng_quality_refused_bytes", "gauge",
			   "Noise that the tests of SP 800-90B kept from the queues.",
			   quality.refused);
}
