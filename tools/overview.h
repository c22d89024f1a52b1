/* SPDX-License-Identifier: MIT */
/*
 * Everything there is to see, at one time.
 */
#ifndef _QRNGCTL_OVERVIEW_H
#define _QRNGCTL_OVERVIEW_H

#include <stdio.h>

#include "../netlink/fetch.h"
#include "pool.h"

/** struct overview - everything there is to see */
struct overview {
	struct record drbg;
	struct pool pool;
	struct list sources;
	struct list health;
	struct list stats;
};

int overview_fetch(struct session *session, struct overview *overview);
void overview_free(struct overview *overview);
void overview_print(FILE *out, const struct overview *overview);
void overview_json(FILE *out, const struct overview *overview);
int overview_show(struct session *session, bool json);

#endif /* _QRNGCTL_OVERVIEW_H */
