/* SPDX-License-Identifier: MIT */
/* The routes of LoKey's services, a table for each file here; face.c strings them together. */
#ifndef QRNGD_LOKEY_H
#define QRNGD_LOKEY_H

#include "router.h"

/* As LoKey's services write it. */
#define QRNGD_LOKEY_JSON "application/json; charset=utf-8"

extern const struct qrngd_route qrngd_routes_lokey_data[];
extern const struct qrngd_route qrngd_routes_lokey_config[];
extern const struct qrngd_route qrngd_routes_lokey_state[];
extern const struct qrngd_route qrngd_routes_virtio[];
extern const struct qrngd_route qrngd_routes_controller[];
extern const struct qrngd_route qrngd_routes_fortuna[];

#endif /* QRNGD_LOKEY_H */
