// SPDX-License-Identifier: MIT
/* What the kernel module counts, by a table: each value is a file of docs/ABI. */
#include "device_metrics.h"

#include <inttypes.h>
#include <string.h>

#include "metric.h"
#include "qrng.h"
#include "sysfs.h"
#include "netlink/words.h"

/** enum scale - what a file's number becomes in base units */
enum scale {
	SCALE_ONE,
	SCALE_MILLI,  /* milliseconds: seconds */
	SCALE_CLAIM,  /* bits in 1024: bits in a bit */
	SCALE_BITMAP, /* a mask: how many bits are set */
};

/**
 * struct row - one sample for each source, or one of the generator
 * @file: below the source's folder, or the generator's
 * @name: of the metric; rows of one name stand together, the first has the help
 * @type: of the metric
 * @help: a sentence for people, NULL: goes on with the metric before
 * @label: what tells it from other rows of the same name: a label with its value, or ""
 * @scale: see enum scale
 */
struct row {
	const char *file;
	const char *name;
	const char *type;
	const char *help;
	const char *label;
	enum scale scale;
};

#define SOURCE "qrngd_source_"
#define DRBG   "qrngd_drbg_"

static const struct row source_rows[] = {
	{ "stats/raw_bytes", SOURCE "raw_bytes_total", "counter",
	  "Noise read from the hardware and tested.", "", SCALE_ONE },
	{ "stats/used_bytes", SOURCE "used_bytes_total", "counter",
	  "Noise handed to a consumer, each byte once.", "", SCALE_ONE },
	{ "stats/reserve_bytes", SOURCE "reserve_bytes", "gauge",
	  "Tested noise that waits for a consumer.", "", SCALE_ONE },
	{ "stats/register_reads", SOURCE "register_reads_total", "counter",
	  "Bus reads of any register.", "", SCALE_ONE },
	{ "stats/overflows", SOURCE "overflows_total", "counter", "Bursts lost to a FIFO overflow.",
	  "", SCALE_ONE },
	{ "stats/timeouts", SOURCE "timeouts_total", "counter", "Times that no noise came in time.",
	  "", SCALE_ONE },
	{ "stats/module_failures", SOURCE "module_failures_total", "counter",
	  "Modules of a card switched off because they failed.", "", SCALE_ONE },
	{ "stats/starts", SOURCE "starts_total", "counter",
	  "Times that the hardware was reset and started.", "", SCALE_ONE },
	{ "health/rct_failures", SOURCE "health_failures_total", "counter",
	  "Windows of noise that failed a health test, by test.", ",test=\"rct\"", SCALE_ONE },
	{ "health/apt_failures", SOURCE "health_failures_total", "counter", NULL, ",test=\"apt\"",
	  SCALE_ONE },
	{ "health/intermittent", SOURCE "health_alarms_total", "counter",
	  "Health alarms, by level: a burst was dropped, or the source was stopped.",
	  ",level=\"intermittent\"", SCALE_ONE },
	{ "health/permanent", SOURCE "health_alarms_total", "counter", NULL, ",level=\"permanent\"",
	  SCALE_ONE },
	{ "health/startup_passes", SOURCE "startup_passes_total", "counter",
	  "Start-up tests that were passed.", "", SCALE_ONE },
	{ "failures", SOURCE "failures", "gauge", "Failures in a row.", "", SCALE_ONE },
	{ "state_age_ms", SOURCE "state_age_seconds", "gauge", "Since its state was entered.", "",
	  SCALE_MILLI },
	{ "quality", SOURCE "quality_ratio", "gauge",
	  "Entropy that is claimed, in bits for each bit of noise.", "", SCALE_CLAIM },
	{ "modules_present", SOURCE "modules", "gauge",
	  "Modules of a card: those it has, those that make noise now.", ",state=\"present\"",
	  SCALE_BITMAP },
	{ "modules_working", SOURCE "modules", "gauge", NULL, ",state=\"working\"", SCALE_BITMAP },
};

static const struct row drbg_rows[] = {
	{ "generation", DRBG "reseeds_total", "counter", "Reseeds of the root generator.", "",
	  SCALE_ONE },
	{ "reseed_age_ms", DRBG "reseed_age_seconds", "gauge", "Since the last reseed.", "",
	  SCALE_MILLI },
	{ "state_age_ms", DRBG "state_age_seconds", "gauge", "Since its state was entered.", "",
	  SCALE_MILLI },
	{ "seed_bytes", DRBG "seed_bytes_total", "counter", "Tested noise mixed into seeds.", "",
	  SCALE_ONE },
	{ "output_bytes", DRBG "output_bytes_total", "counter", "Bytes handed out.", "",
	  SCALE_ONE },
	{ "open_files", DRBG "open_files", "gauge", "Open files of /dev/" QRNG_DRBG_DEVICE ".", "",
	  SCALE_ONE },
	{ "grace_left_ms", DRBG "grace_left_seconds", "gauge",
	  "What is left of the grace period; 0 outside of it.", "", SCALE_MILLI },
	{ "grace_left_bytes", DRBG "grace_left_bytes", "gauge", "The same in bytes.", "",
	  SCALE_ONE },
	{ "pool/credit", DRBG "pool_credit_bits", "gauge",
	  "Entropy that the next seed would be worth.", "", SCALE_ONE },
};

static void write_number(FILE *out, uint64_t number, enum scale scale)
{
	switch (scale) {
	case SCALE_ONE:
		fprintf(out, "%" PRIu64 "\n", number);
		break;
	case SCALE_MILLI:
		fprintf(out, "%" PRIu64 ".%03u\n", number / 1000, (unsigned int)(number % 1000));
		break;
	case SCALE_CLAIM:
		fprintf(out, "%.10g\n", (double)number / 1024);
		break;
	case SCALE_BITMAP:
		fprintf(out, "%d\n", __builtin_popcountll(number));
		break;
	}
}

/* A source may go between two files, and has some only if it is a card. */
static void write_source(FILE *out, const struct row *row, const char *source)
{
	uint64_t number;

	if (!qrngd_sysfs_number(source, row->file, &number))
		return;
	fprintf(out, "%s{source=\"", row->name);
	qrngd_metric_label(out, source);
	fprintf(out, "\"%s} ", row->label);
	write_number(out, number, row->scale);
}

static void write_sources(FILE *out, const struct qrngd_engine_status *status)
{
	const struct row *row = source_rows;
	unsigned int i;

	for (; row < source_rows + sizeof(source_rows) / sizeof(source_rows[0]); row++) {
		if (row->help)
			qrngd_metric_begin(out, row->name, row->type, row->help);
		for (i = 0; i < status->source_count; i++)
			write_source(out, row, status->sources[i].name);
	}
}

static void write_state(FILE *out)
{
	char state[QRNGD_SOURCE_STATE_MAX];
	size_t i;

	if (!qrngd_sysfs_read("drbg", "state", state, sizeof(state)))
		return;
	qrngd_metric_begin(out, DRBG "state", "gauge", "1 for the state that holds.");
	for (i = 0; i < words_drbg_state.count; i++) {
		qrngd_metric_of(out, DRBG "state", "state", words_drbg_state.list[i].word);
		fprintf(out, "%d\n", strcmp(state, words_drbg_state.list[i].word) == 0);
	}
}

void qrngd_device_metrics(FILE *out, const struct qrngd_engine_status *status)
{
	const struct row *row = drbg_rows;
	uint64_t number;

	write_sources(out, status);
	write_state(out);
	for (; row < drbg_rows + sizeof(drbg_rows) / sizeof(drbg_rows[0]); row++) {
		if (!qrngd_sysfs_number("drbg", row->file, &number))
			continue;
		qrngd_metric_begin(out, row->name, row->type, row->help);
		fprintf(out, "%s ", row->name);
		write_number(out, number, row->scale);
	}
}
