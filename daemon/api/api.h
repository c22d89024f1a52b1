/* SPDX-License-Identifier: MIT */
/* The routes of each file here; router.c strings them together. */
#ifndef QRNGD_API_H
#define QRNGD_API_H

#include "router.h"

extern const struct qrngd_route qrngd_routes_random[];
extern const struct qrngd_route qrngd_routes_integers[];
extern const struct qrngd_route qrngd_routes_reals[];
extern const struct qrngd_route qrngd_routes_strings[];
extern const struct qrngd_route qrngd_routes_games[];
extern const struct qrngd_route qrngd_routes_images[];
extern const struct qrngd_route qrngd_routes_plots[];
extern const struct qrngd_route qrngd_routes_qr[];
extern const struct qrngd_route qrngd_routes_sound[];
extern const struct qrngd_route qrngd_routes_stream[];
extern const struct qrngd_route qrngd_routes_keys[];
extern const struct qrngd_route qrngd_routes_status[];
extern const struct qrngd_route qrngd_routes_health[];
extern const struct qrngd_route qrngd_routes_entropy_data[];
extern const struct qrngd_route qrngd_routes_entropy_meta[];
extern const struct qrngd_route qrngd_routes_entropy_sockets[];
extern const struct qrngd_route qrngd_routes_events[];
extern const struct qrngd_route qrngd_routes_quota[];
extern const struct qrngd_route qrngd_routes_config[];
extern const struct qrngd_route qrngd_routes_describe[];

/* What LoKey's clients find at other paths, too. */
void qrngd_status_metrics(struct qrngd_call *call);
void qrngd_describe_openapi(struct qrngd_call *call);
void qrngd_describe_page(struct qrngd_call *call);

#endif /* QRNGD_API_H */
