/* SPDX-License-Identifier: MIT */
#ifndef QRNGD_DEVICE_METRICS_H
#define QRNGD_DEVICE_METRICS_H

#include <stdio.h>

#include "engine.h"

/**
 * qrngd_device_metrics() - write what the kernel module counts
 * @out: where to
 * @status: a look at the device engine, for the names of the sources
 */
void qrngd_device_metrics(FILE *out, const struct qrngd_engine_status *status);

#endif /* QRNGD_DEVICE_METRICS_H */
