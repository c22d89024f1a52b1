// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/kdev_t.h>
#include <linux/sysfs.h>

#include "drbg.h"
#include "lifecycle.h"
#include "source.h"
#include "sysfs.h"

struct class qrng_class = {
	.name = "qrng",
	.pm = &qrng_lifecycle_pm,
};

static struct device *drbg_device;

static const char *const source_states[] = {
	[QRNG_SOURCE_STARTUP] = "startup",
	[QRNG_SOURCE_HEALTHY] = "healthy",
	[QRNG_SOURCE_FAILED] = "failed",
	[QRNG_SOURCE_RECOVERING] = "recovering",
	[QRNG_SOURCE_GONE] = "gone",
	[QRNG_SOURCE_VALIDATING] = "validating",
	[QRNG_SOURCE_OPEN] = "open",
	[QRNG_SOURCE_HALF_OPEN] = "half-open",
};

static const char *const drbg_states[] = {
	[QRNG_DRBG_UNSEEDED] = "unseeded",
	[QRNG_DRBG_READY] = "ready",
	[QRNG_DRBG_STALLED] = "stalled",
	[QRNG_DRBG_NO_SOURCE] = "no-source",
	[QRNG_DRBG_GRACE] = "grace",
	[QRNG_DRBG_KERNEL] = "kernel",
};

static struct qrng_source *to_source(struct device *dev)
{
	return container_of(dev, struct qrng_source, dev);
}

#define SOURCE_ATTR(file, format, value)                                                       \
	static ssize_t file##_show(struct device *dev, struct device_attribute *attr, char *buf) \
	{                                                                                      \
		struct qrng_source *source = to_source(dev);                                   \
											       \
		return sysfs_emit(buf, format "\n", value);                                    \
	}                                                                                      \
	static DEVICE_ATTR_RO(file)

SOURCE_ATTR(state, "%s", source_states[qrng_source_state(source)]);
SOURCE_ATTR(quality, "%u", source->quality);
SOURCE_ATTR(reserve_bytes, "%u", qrng_reserve_fill(&source->reserve));
SOURCE_ATTR(rct_failures, "%llu", READ_ONCE(source->health.rct_failures));
SOURCE_ATTR(apt_failures, "%llu", READ_ONCE(source->health.apt_failures));
SOURCE_ATTR(startup_passes, "%llu", READ_ONCE(source->stats.startup_passes));
SOURCE_ATTR(raw_bytes, "%llu", READ_ONCE(source->stats.raw_bytes));
SOURCE_ATTR(used_bytes, "%lld", (long long)atomic64_read(&source->stats.used_bytes));
SOURCE_ATTR(register_reads, "%llu", READ_ONCE(source->stats.register_reads));
SOURCE_ATTR(overflows, "%llu", READ_ONCE(source->stats.overflows));
SOURCE_ATTR(timeouts, "%llu", READ_ONCE(source->stats.timeouts));

static struct attribute *source_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_quality.attr,
	NULL,
};

static struct attribute *health_attrs[] = {
	&dev_attr_rct_failures.attr,
	&dev_attr_apt_failures.attr,
	&dev_attr_startup_passes.attr,
	NULL,
};

static struct attribute *stats_attrs[] = {
	&dev_attr_reserve_bytes.attr,
	&dev_attr_raw_bytes.attr,
	&dev_attr_used_bytes.attr,
	&dev_attr_register_reads.attr,
	&dev_attr_overflows.attr,
	&dev_attr_timeouts.attr,
	NULL,
};

static const struct attribute_group source_group = { .attrs = source_attrs };
static const struct attribute_group health_group = { .name = "health", .attrs = health_attrs };
static const struct attribute_group stats_group = { .name = "stats", .attrs = stats_attrs };

const struct attribute_group *qrng_source_groups[] = {
	&source_group,
	&health_group,
	&stats_group,
	NULL,
};

#define DRBG_ATTR(file, format, value)                                                         \
	static ssize_t drbg_##file##_show(struct device *dev, struct device_attribute *attr,   \
					  char *buf)                                           \
	{                                                                                      \
		struct qrng_drbg_info info;                                                    \
											       \
		qrng_drbg_look(&info);                                                         \
		return sysfs_emit(buf, format "\n", value);                                    \
	}                                                                                      \
	static struct device_attribute drbg_attr_##file =                                      \
		__ATTR(file, 0444, drbg_##file##_show, NULL)

DRBG_ATTR(state, "%s", drbg_states[info.state]);
DRBG_ATTR(cipher, "%s", info.cipher);
DRBG_ATTR(generation, "%llu", info.generation);
DRBG_ATTR(reseed_age_ms, "%llu", info.reseed_age_ms);
DRBG_ATTR(seed_bytes, "%llu", info.seed_bytes);
DRBG_ATTR(output_bytes, "%llu", info.output_bytes);
DRBG_ATTR(open_files, "%llu", info.open_files);

static struct attribute *drbg_attrs[] = {
	&drbg_attr_state.attr,
	&drbg_attr_cipher.attr,
	&drbg_attr_generation.attr,
	&drbg_attr_reseed_age_ms.attr,
	&drbg_attr_seed_bytes.attr,
	&drbg_attr_output_bytes.attr,
	&drbg_attr_open_files.attr,
	NULL,
};
ATTRIBUTE_GROUPS(drbg);

/** qrng_sysfs_register() - make /sys/class/qrng and the generator's folder appear */
int qrng_sysfs_register(void)
{
	int ret = class_register(&qrng_class);

	if (ret)
		return ret;
	drbg_device = device_create_with_groups(&qrng_class, NULL, MKDEV(0, 0), NULL, drbg_groups,
						"drbg");
	if (IS_ERR(drbg_device)) {
		class_unregister(&qrng_class);
		return PTR_ERR(drbg_device);
	}
	return 0;
}

/** qrng_sysfs_unregister() - take them away; no source is left */
void qrng_sysfs_unregister(void)
{
	device_unregister(drbg_device);
	class_unregister(&qrng_class);
}
