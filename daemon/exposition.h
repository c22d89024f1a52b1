/* SPDX-License-Identifier: MIT */
/* Everything that is counted, in the text format of Prometheus (version 0.0.4). */
#ifndef QRNGD_EXPOSITION_H
#define QRNGD_EXPOSITION_H

#include <stdio.h>

#include "server.h"

/**
 * qrngd_exposition_write() - write all metrics
 * @out: where to
 * @server: the server
 * @status: a look at the engine
 */
void qrngd_exposition_write(FILE *out, const struct qrngd_server *server,
			    const struct qrngd_engine_status *status);

#endif /* QRNGD_EXPOSITION_H */
