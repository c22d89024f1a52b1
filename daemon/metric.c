// SPDX-License-Identifier: MIT
#include "metric.h"

#include <inttypes.h>

void qrngd_metric_begin(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Only these two characters need care: no newline ever comes here. */
void qrngd_metric_label(FILE *out, const char *value)
{
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', out);
		fputc(*value, out);
	}
}

void qrngd_metric_of(FILE *out, const char *name, const char *label, const char *value)
{
	fprintf(out, "%s{%s=\"", name, label);
	qrngd_metric_label(out, value);
	fputs("\"} ", out);
}

void qrngd_metric_value(FILE *out, const char *name, const char *type, const char *help,
			uint64_t value)
{
	qrngd_metric_begin(out, name, type, help);
	fprintf(out, "%s %" PRIu64 "\n", name, value);
}
