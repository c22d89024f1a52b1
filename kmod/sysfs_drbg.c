// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sysfs.h>

#include "accumulator.h"
#include "drbg.h"
#include "sysfs.h"

static const char *const states[] = {
	[QRNG_DRBG_UNSEEDED] = "unseeded",
	[QRNG_DRBG_READY] = "ready",
	[QRNG_DRBG_STALLED] = "stalled",
	[QRNG_DRBG_NO_SOURCE] = "no-source",
	[QRNG_DRBG_GRACE] = "grace",
	[QRNG_DRBG_KERNEL] = "kernel",
};

static const char *const generators[] = {
	[QRNG_GENERATOR_CHACHA20] = "chacha20",
	[QRNG_GENERATOR_AES256_CTR] = "aes256-ctr",
	[QRNG_GENERATOR_CTR_DRBG] = "ctr-drbg",
	[QRNG_GENERATOR_FORTUNA] = "fortuna",
};

static const char *const policies[] = {
	[QRNG_POLICY_BLOCK] = "block",
	[QRNG_POLICY_ERROR] = "error",
};

static const char *const reasons[] = {
	[QRNG_RESEED_NONE] = "none",
	[QRNG_RESEED_FIRST] = "first",
	[QRNG_RESEED_INTERVAL] = "interval",
	[QRNG_RESEED_BYTES] = "bytes",
	[QRNG_RESEED_REQUEST] = "request",
	[QRNG_RESEED_RECOVERY] = "recovery",
	[QRNG_RESEED_RESUME] = "resume",
	[QRNG_RESEED_VMFORK] = "vmfork",
};

#define DRBG_ATTR(file, format, value)                                                         \
	static ssize_t file##_show(struct device *dev, struct device_attribute *attr, char *buf) \
	{                                                                                      \
		struct qrng_drbg_info info;                                                    \
											       \
		qrng_drbg_look(&info);                                                         \
		return sysfs_emit(buf, format "\n", value);                                    \
	}                                                                                      \
	static DEVICE_ATTR_RO(file)

DRBG_ATTR(state, "%s", states[info.state]);
DRBG_ATTR(state_age_ms, "%llu", info.state_age_ms);
DRBG_ATTR(generator, "%s", generators[info.config.generator]);
DRBG_ATTR(generation, "%llu", info.generation);
DRBG_ATTR(reseed_age_ms, "%llu", info.reseed_age_ms);
DRBG_ATTR(reseed_reason, "%s", reasons[info.reseed_reason]);
DRBG_ATTR(reseed_interval, "%u", info.config.reseed_interval);
DRBG_ATTR(reseed_bytes, "%llu", info.config.reseed_bytes);
DRBG_ATTR(grace_seconds, "%u", info.config.grace_seconds);
DRBG_ATTR(grace_bytes, "%llu", info.config.grace_bytes);
DRBG_ATTR(grace_left_ms, "%llu", info.grace_left_ms);
DRBG_ATTR(grace_left_bytes, "%llu", info.grace_left_bytes);
DRBG_ATTR(policy, "%s", policies[info.config.policy]);
DRBG_ATTR(seed_bytes, "%llu", info.seed_bytes);
DRBG_ATTR(output_bytes, "%llu", info.output_bytes);
DRBG_ATTR(open_files, "%llu", info.open_files);
DRBG_ATTR(kernel_seed, "%u", info.kernel_seed);

static struct attribute *drbg_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_state_age_ms.attr,
	&dev_attr_generator.attr,
	&dev_attr_generation.attr,
	&dev_attr_reseed_age_ms.attr,
	&dev_attr_reseed_reason.attr,
	&dev_attr_reseed_interval.attr,
	&dev_attr_reseed_bytes.attr,
	&dev_attr_grace_seconds.attr,
	&dev_attr_grace_bytes.attr,
	&dev_attr_grace_left_ms.attr,
	&dev_attr_grace_left_bytes.attr,
	&dev_attr_policy.attr,
	&dev_attr_seed_bytes.attr,
	&dev_attr_output_bytes.attr,
	&dev_attr_open_files.attr,
	&dev_attr_kernel_seed.attr,
	NULL,
};

#define POOL_ATTR(file, format, value)                                                         \
	static ssize_t file##_show(struct device *dev, struct device_attribute *attr, char *buf) \
	{                                                                                      \
		struct qrng_pool_info info;                                                    \
											       \
		qrng_drbg_look_pool(&info);                                                    \
		return sysfs_emit(buf, format "\n", value);                                    \
	}                                                                                      \
	static DEVICE_ATTR_RO(file)

POOL_ATTR(credit, "%u", info.credit);
POOL_ATTR(fill, "%llu", info.fill);
POOL_ATTR(reseeds, "%llu", info.reseeds);

static struct attribute *pool_attrs[] = {
	&dev_attr_credit.attr,
	&dev_attr_fill.attr,
	&dev_attr_reseeds.attr,
	NULL,
};

static const struct attribute_group drbg_group = { .attrs = drbg_attrs };
static const struct attribute_group pool_group = { .name = "pool", .attrs = pool_attrs };

const struct attribute_group *qrng_drbg_groups[] = {
	&drbg_group,
	&pool_group,
	NULL,
};
