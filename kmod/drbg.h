/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generator all open files descend from: seeded with tested noise and with
 * the kernel's own randomness, its seeds counted in generations.
 */
#ifndef _QRNG_DRBG_H
#define _QRNG_DRBG_H

#include <linux/types.h>
#include <linux/wait.h>

#include "../uapi/qrng.h"
#include "core/generator.h"

/** struct qrng_drbg_info - a look at the generator, for sysfs and netlink */
struct qrng_drbg_info {
	enum qrng_drbg_state state;
	const char *cipher;
	u64 generation;
	u64 reseed_age_ms;
	u64 seed_bytes;
	u64 output_bytes;
	u64 open_files;
};

extern wait_queue_head_t qrng_drbg_wait;

void qrng_drbg_init(void);
void qrng_drbg_exit(void);
void qrng_drbg_sources_changed(void);
enum qrng_drbg_state qrng_drbg_state(void);
void qrng_drbg_hurry(void);
int qrng_drbg_derive(struct qrng_generator *child, bool nowait);
void qrng_drbg_look(struct qrng_drbg_info *info);

#endif /* _QRNG_DRBG_H */
