// SPDX-License-Identifier: MIT
/* Figures about the noise that the embedded engine has read: for people, nothing depends on them.
 */
#include "embedded.h"

#include <inttypes.h>

#include "metric.h"

/** struct row - a metric of which each source has a sample */
struct row {
	const char *name;
	const char *type;
	const char *help;
	void (*write)(FILE *out, const struct qrng_figures *figures);
};

static void write_bytes(FILE *out, const struct qrng_figures *figures)
{
	fprintf(out, "%" PRIu64 "\n", (uint64_t)figures->bytes);
}

static void write_ones(FILE *out, const struct qrng_figures *figures)
{
	fprintf(out, "%.6f\n", (double)figures->ones_ppm / 1e6);
}

static void write_run(FILE *out, const struct qrng_figures *figures)
{
	fprintf(out, "%" PRIu64 "\n", (uint64_t)figures->longest_run);
}

static void write_chi_square(FILE *out, const struct qrng_figures *figures)
{
	fprintf(out, "%.3f\n", (double)figures->chi_square_milli / 1e3);
}

static void write_correlation(FILE *out, const struct qrng_figures *figures)
{
	fprintf(out, "%.6f\n", (double)figures->correlation_ppm / 1e6);
}

static const struct row rows[] = {
	{ "qrngd_source_raw_bytes_total", "counter", "Noise that was read and passed the tests.",
	  write_bytes },
	{ "qrngd_source_ones_ratio", "gauge", "Bits of all its noise that are one; 0.5 is even.",
	  write_ones },
	{ "qrngd_source_longest_run_bits", "gauge", "The longest run of equal bits.", write_run },
	{ "qrngd_source_chi_square", "gauge",
	  "Of the 256 byte values; 255 is to be expected, with a standard deviation of 22.6.",
	  write_chi_square },
	{ "qrngd_source_serial_correlation", "gauge",
	  "Of neighbouring bytes (Knuth 3.3.2, K); 0 is none.", write_correlation },
};

static struct qrng_figures look(struct embedded_engine *embedded, unsigned int index)
{
	struct qrng_figures figures;
	struct qrng_tally scratch;

	pthread_mutex_lock(&embedded->engine.lock);
	qrng_metrics_total(&embedded->readers[index].quality, &scratch, &figures);
	pthread_mutex_unlock(&embedded->engine.lock);
	return figures;
}

void qrngd_embedded_expose(struct qrngd_engine *engine, const struct qrngd_engine_status *status,
			   FILE *out)
{
	struct embedded_engine *embedded = (struct embedded_engine *)engine;
	const struct row *row = rows;
	unsigned int i;

	for (; row < rows + sizeof(rows) / sizeof(rows[0]); row++) {
		if (embedded->reader_count)
			qrngd_metric_begin(out, row->name, row->type, row->help);
		for (i = 0; i < embedded->reader_count; i++) {
			const struct qrng_figures figures = look(embedded, i);

			qrngd_metric_of(out, row->name, "source", status->sources[i].name);
			row->write(out, &figures);
		}
	}
}
