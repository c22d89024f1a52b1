/* SPDX-License-Identifier: MIT */
/* Drawing without putting back. */
#ifndef QRNGD_PICK_H
#define QRNGD_PICK_H

#include "draw.h"

/* As many as need no more memory than any other long answer. */
#define QRNGD_PICK_MAX 8192

struct qrngd_pick;

/**
 * qrngd_pick() - pick different numbers from 0 to @limit - 1
 * @draw: where randomness comes from
 * @limit: 0 stands for 2^64
 * @count: how many, at most @limit and %QRNGD_PICK_MAX; each ordered choice of them is as
 *	likely as any other
 *
 * Return: what was picked, or NULL when there is no memory.
 */
struct qrngd_pick *qrngd_pick(struct qrngd_draw *draw, uint64_t limit, size_t count);

/** qrngd_pick_get() - the @index-th number that was picked */
uint64_t qrngd_pick_get(const struct qrngd_pick *pick, size_t index);

/** qrngd_pick_free() - wipe and free it; NULL is fine */
void qrngd_pick_free(struct qrngd_pick *pick);

#endif /* QRNGD_PICK_H */
