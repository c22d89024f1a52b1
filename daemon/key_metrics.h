/* SPDX-License-Identifier: MIT */
/* What each key has had, as metrics: for administrators, since names may be customers'. */
#ifndef QRNGD_KEY_METRICS_H
#define QRNGD_KEY_METRICS_H

#include <stdio.h>

#include "keys.h"

/* Samples of a metric at the most; keys behind these, by name, are one sample together. */
#define QRNGD_KEY_SAMPLES 1000

/**
 * qrngd_key_metrics_write() - write requests, bits and refusals of each key
 * @out: where to
 * @keys: all keys
 */
void qrngd_key_metrics_write(FILE *out, const struct qrngd_keys *keys);

#endif /* QRNGD_KEY_METRICS_H */
