/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_POOL_H
#define _QRNGCTL_POOL_H

#include <stdio.h>

#include "../netlink/fetch.h"

/** struct pool - the accumulator: the whole, and each pool of it */
struct pool {
	struct record whole;
	struct list parts;
};

extern const struct object pool_object;

int pool_fetch(struct session *session, struct pool *pool);
void pool_print(FILE *out, const struct pool *pool);
void pool_json(FILE *out, const struct pool *pool);

#endif /* _QRNGCTL_POOL_H */
