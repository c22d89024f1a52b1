/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generator all open files descend from: seeded with tested noise and with
 * the kernel's own randomness, its seeds counted in generations.
 */
#ifndef _QRNG_DRBG_H
#define _QRNG_DRBG_H

#include <linux/types.h>

#include "../uapi/qrng.h"
#include "core/generator.h"

struct qrng_pool_info;

/**
 * struct qrng_drbg_config - what can be set; in its limits already
 * @generator: enum qrng_generator_id, of files opened from now on
 * @reseed_interval: seconds after which a generator in use gets a new seed
 * @reseed_bytes: output after which it does, less 16 KiB for each CPU at most
 * @grace_seconds: how long to go on without a healthy source, 0: not at all
 * @grace_bytes: how much to give meanwhile, 0: nothing
 * @policy: enum qrng_failure_policy, what becomes of readers then
 */
struct qrng_drbg_config {
	u32 generator;
	u32 reseed_interval;
	u64 reseed_bytes;
	u32 grace_seconds;
	u64 grace_bytes;
	u32 policy;
};

/**
 * struct qrng_drbg_info - a look at the generator, for sysfs and netlink
 * @state: as readers are treated at this moment
 * @state_age_ms: since it was entered
 * @cipher: name of the generator of files opened from now on
 * @generation: of the root's seed, 0: none yet
 * @reseed_age_ms: since the last reseed, 0: none yet
 * @reseed_reason: of that
 * @grace_left_ms: in %QRNG_DRBG_GRACE
 * @grace_left_bytes: the same
 * @seed_bytes: tested noise mixed in
 * @output_bytes: made by all open files together
 * @open_files: how many there are
 * @kernel_seed: a seed from the kernel alone will do
 * @config: what is set
 */
struct qrng_drbg_info {
	enum qrng_drbg_state state;
	u64 state_age_ms;
	const char *cipher;
	u64 generation;
	u64 reseed_age_ms;
	enum qrng_reseed_reason reseed_reason;
	u64 grace_left_ms;
	u64 grace_left_bytes;
	u64 seed_bytes;
	u64 output_bytes;
	u64 open_files;
	bool kernel_seed;
	struct qrng_drbg_config config;
};

void qrng_drbg_init(void);
void qrng_drbg_exit(void);
void qrng_drbg_get_config(struct qrng_drbg_config *config);
int qrng_drbg_set_config(const struct qrng_drbg_config *config);
void qrng_drbg_tell(enum qrng_event kind);
int qrng_drbg_seed(enum qrng_reseed_reason reason);
int qrng_drbg_seed_kernel(enum qrng_reseed_reason reason);
void qrng_drbg_renew(enum qrng_reseed_reason reason);
int qrng_drbg_reseed(enum qrng_reseed_reason reason);
u32 qrng_drbg_generator(void);
void qrng_drbg_hurry(void);
void qrng_drbg_spend(u64 bytes);
int qrng_drbg_derive(struct qrng_generator *child, bool nowait);
void qrng_drbg_look(struct qrng_drbg_info *info);
void qrng_drbg_look_pool(struct qrng_pool_info *info);

#endif /* _QRNG_DRBG_H */
