/* SPDX-License-Identifier: MIT */
#ifndef QRNGD_GAUGES_H
#define QRNGD_GAUGES_H

#include <stdio.h>

#include "lokey/service.h"

/**
 * qrngd_gauges_expose() - write the samples that LoKey has, under its names
 * @out: an exposition for Prometheus
 * @lokey: the services
 */
void qrngd_gauges_expose(FILE *out, const struct qrngd_lokey *lokey);

#endif /* QRNGD_GAUGES_H */
