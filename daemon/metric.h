/* SPDX-License-Identifier: MIT */
/* Pieces of the text format of Prometheus (version 0.0.4). */
#ifndef QRNGD_METRIC_H
#define QRNGD_METRIC_H

#include <stdint.h>
#include <stdio.h>

/**
 * qrngd_metric_begin() - begin a metric; its samples follow, and all of them before the next
 * @out: where to
 * @name: of the metric
 * @type: "counter", "gauge" or "histogram"
 * @help: a sentence for people
 */
void qrngd_metric_begin(FILE *out, const char *name, const char *type, const char *help);

/** qrngd_metric_label() - write a label's value, without the quotes around it */
void qrngd_metric_label(FILE *out, const char *value);

/**
 * qrngd_metric_of() - write a metric's name with one label, up to the value
 * @out: where to
 * @name: of the metric
 * @label: the label's name
 * @value: the label's value
 */
void qrngd_metric_of(FILE *out, const char *name, const char *label, const char *value);

/**
 * qrngd_metric_value() - write a metric that has one sample
 * @out: where to
 * @name: of the metric
 * @type: as for qrngd_metric_begin()
 * @help: a sentence for people
 * @value: the sample
 */
void qrngd_metric_value(FILE *out, const char *name, const char *type, const char *help,
			uint64_t value);

#endif /* QRNGD_METRIC_H */
