// SPDX-License-Identifier: MIT
#include "key_metrics.h"

#include <inttypes.h>
#include <stddef.h>

#include "clock.h"
#include "metric.h"

/** struct row - a metric of which each key has a sample */
struct row {
	const char *name;
	const char *help;
	size_t at; /* of a uint64_t in struct qrngd_usage */
};

static uint64_t value_of(const struct row *row, const struct qrngd_key *key)
{
	struct qrngd_usage usage;

	qrngd_quota_usage(key->payer.account, qrngd_now_ms(), &usage);
	return *(const uint64_t *)((const char *)&usage + row->at);
}

static void write_sample(FILE *out, const struct row *row, const char *name, uint64_t value)
{
	qrngd_metric_of(out, row->name, "key", name);
	fprintf(out, "%" PRIu64 "\n", value);
}

static void write_row(FILE *out, const struct row *row, const struct qrngd_keys *keys)
{
	uint64_t others = 0;
	size_t i;

	qrngd_metric_begin(out, row->name, "counter", row->help);
	if (keys->open)
		write_sample(out, row, keys->nobody.name, value_of(row, &keys->nobody));
	for (i = 0; i < keys->count && i < QRNGD_KEY_SAMPLES; i++)
		write_sample(out, row, keys->list[i].name, value_of(row, &keys->list[i]));
	for (; i < keys->count; i++)
		others += value_of(row, &keys->list[i]);
	/* No key has such a name. */
	if (keys->count > QRNGD_KEY_SAMPLES)
		write_sample(out, row, "", others);
}

void qrngd_key_metrics_write(FILE *out, const struct qrngd_keys *keys)
{
	static const struct row rows[] = {
		{ "qrngd_key_requests_total",
		  "Requests for random bytes that a key was let in with.",
		  offsetof(struct qrngd_usage, all_requests) },
		{ "qrngd_key_bits_total", "Random bits given for a key.",
		  offsetof(struct qrngd_usage, all_bits) },
		{ "qrngd_key_refusals_total", "Requests that a limit of a key refused.",
		  offsetof(struct qrngd_usage, refused) },
	};
	size_t i;

	if (!keys->asked_for)
		return;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		write_row(out, &rows[i], keys);
}
