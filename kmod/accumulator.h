/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the sources gave towards the root's next seed. No locks: the root's owner
 * serialises the calls.
 */
#ifndef _QRNG_ACCUMULATOR_H
#define _QRNG_ACCUMULATOR_H

#include <linux/types.h>

#include "core/pool.h"

/**
 * struct qrng_pool_info - a look at the pools
 * @fill: bytes in pool 0
 * @credit: bits the next reseed would be worth
 * @reseeds: how many there were
 * @credits: bits claimed for each pool
 */
struct qrng_pool_info {
	u64 fill;
	u32 credit;
	u64 reseeds;
	u32 credits[QRNG_POOLS];
};

void qrng_accumulator_init(void);
void qrng_accumulator_exit(void);
int qrng_accumulator_take(struct qrng_pool_seed *seed);
void qrng_accumulator_forfeit(void);
u64 qrng_accumulator_reseeds(void);
u64 qrng_accumulator_bytes(void);
void qrng_accumulator_look(struct qrng_pool_info *info);

#endif /* _QRNG_ACCUMULATOR_H */
