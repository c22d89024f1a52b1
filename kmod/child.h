/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An open file's own generator: a child of the root, which it asks for a seed when the
 * generation moved, and shares nothing with otherwise.
 */
#ifndef _QRNG_CHILD_H
#define _QRNG_CHILD_H

#include <linux/types.h>

#include "core/generator.h"
#include "host.h"

/** struct qrng_child - a generator, and the memory its ciphers work in */
struct qrng_child {
	struct qrng_generator generator;
	struct qrng_host_ctx ctx;
};

void qrng_child_open(struct qrng_child *child);
void qrng_child_release(struct qrng_child *child);
int qrng_child_renew(struct qrng_child *child, bool nowait);
int qrng_child_draw(struct qrng_child *child, u8 *out, size_t len, bool nowait);
u64 qrng_child_output(void);
unsigned int qrng_child_count(void);

#endif /* _QRNG_CHILD_H */
