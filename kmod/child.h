/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An open file's own generator: a child of the root, which it asks for a seed when the
 * generation moved, and shares nothing with otherwise.
 */
#ifndef _QRNG_CHILD_H
#define _QRNG_CHILD_H

#include <linux/types.h>

#include "../uapi/qrng.h"
#include "core/generator.h"
#include "host.h"

/**
 * struct qrng_child - an open file's own generator
 * @generator: what bytes are drawn from
 * @ctx: what its ciphers work in
 * @id: enum qrng_generator_id
 * @output_bytes: drawn so far, whatever the type was meanwhile
 */
struct qrng_child {
	struct qrng_generator generator;
	struct qrng_host_ctx ctx;
	u32 id;
	u64 output_bytes;
};

const struct qrng_generator_type *qrng_child_type(u32 id);
void qrng_child_open(struct qrng_child *child, u32 id);
int qrng_child_set_type(struct qrng_child *child, u32 id);
void qrng_child_look(const struct qrng_child *child, struct qrng_file_info *info);
void qrng_child_release(struct qrng_child *child);
int qrng_child_renew(struct qrng_child *child, bool nowait);
int qrng_child_draw(struct qrng_child *child, u8 *out, size_t len, bool nowait);
u64 qrng_child_output(void);
unsigned int qrng_child_count(void);

#endif /* _QRNG_CHILD_H */
