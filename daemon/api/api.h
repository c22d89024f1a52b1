/* SPDX-License-Identifier: MIT */
/* The handlers of the routes; router.c has the table. */
#ifndef QRNGD_API_H
#define QRNGD_API_H

#include "router.h"

/** qrngd_api_random() - GET /v1/random: raw bytes */
void qrngd_api_random(struct qrngd_call *call);

/** qrngd_api_health() - GET /health: what the daemon is worth now, as JSON */
void qrngd_api_health(struct qrngd_call *call);

#endif /* QRNGD_API_H */
