// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sysfs.h>

#include "look.h"
#include "source.h"
#include "sysfs.h"

static const char *const states[] = {
	[QRNG_SOURCE_STARTUP] = "startup",
	[QRNG_SOURCE_HEALTHY] = "healthy",
	[QRNG_SOURCE_FAILED] = "failed",
	[QRNG_SOURCE_RECOVERING] = "recovering",
	[QRNG_SOURCE_GONE] = "gone",
	[QRNG_SOURCE_VALIDATING] = "validating",
	[QRNG_SOURCE_OPEN] = "open",
	[QRNG_SOURCE_HALF_OPEN] = "half-open",
	[QRNG_SOURCE_DISABLED] = "disabled",
};

static const char *const reasons[] = {
	[QRNG_REASON_NONE] = "none",
	[QRNG_REASON_INTERMITTENT] = "intermittent",
	[QRNG_REASON_PERMANENT] = "permanent",
	[QRNG_REASON_HARDWARE] = "hardware",
	[QRNG_REASON_SILENT] = "silent",
	[QRNG_REASON_REMOVED] = "removed",
	[QRNG_REASON_RESUME] = "resume",
	[QRNG_REASON_OPERATOR] = "operator",
};

#define SOURCE_ATTR(file, format, value)                                                       \
	static ssize_t file##_show(struct device *dev, struct device_attribute *attr, char *buf) \
	{                                                                                      \
		struct qrng_source_info info;                                                  \
											       \
		qrng_source_look(container_of(dev, struct qrng_source, dev), &info);           \
		return sysfs_emit(buf, format "\n", value);                                    \
	}                                                                                      \
	static DEVICE_ATTR_RO(file)

SOURCE_ATTR(state, "%s", states[info.state]);
SOURCE_ATTR(state_age_ms, "%llu", info.state_age_ms);
SOURCE_ATTR(reason, "%s", reasons[info.reason]);
SOURCE_ATTR(errno, "%u", info.error);
SOURCE_ATTR(failures, "%u", info.failures);
SOURCE_ATTR(retry_ms, "%llu", info.retry_ms);
SOURCE_ATTR(quality, "%u", info.quality);
SOURCE_ATTR(alpha, "%u", info.alpha);
SOURCE_ATTR(enabled, "%u", info.enabled);
SOURCE_ATTR(modules, "%#x", info.modules.wanted);
SOURCE_ATTR(modules_present, "%#x", info.modules.present);
SOURCE_ATTR(modules_working, "%#x", info.modules.working);

static struct attribute *source_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_state_age_ms.attr,
	&dev_attr_reason.attr,
	&dev_attr_errno.attr,
	&dev_attr_failures.attr,
	&dev_attr_retry_ms.attr,
	&dev_attr_quality.attr,
	&dev_attr_alpha.attr,
	&dev_attr_enabled.attr,
	&dev_attr_modules.attr,
	&dev_attr_modules_present.attr,
	&dev_attr_modules_working.attr,
	NULL,
};

SOURCE_ATTR(rct_cutoff, "%u", info.intermittent.rct);
SOURCE_ATTR(rct_cutoff_permanent, "%u", info.permanent.rct);
SOURCE_ATTR(apt_cutoff, "%u", info.intermittent.apt);
SOURCE_ATTR(apt_cutoff_permanent, "%u", info.permanent.apt);
SOURCE_ATTR(rct_failures, "%llu", info.rct_failures);
SOURCE_ATTR(apt_failures, "%llu", info.apt_failures);
SOURCE_ATTR(intermittent, "%llu", info.stats.intermittent);
SOURCE_ATTR(permanent, "%llu", info.stats.permanent);
SOURCE_ATTR(startup_passes, "%llu", info.stats.startup_passes);
SOURCE_ATTR(startup_left, "%u", info.startup_left);
SOURCE_ATTR(tests, "%llu", info.stats.tests);
SOURCE_ATTR(test_failures, "%llu", info.stats.test_failures);

static struct attribute *health_attrs[] = {
	&dev_attr_rct_cutoff.attr,
	&dev_attr_rct_cutoff_permanent.attr,
	&dev_attr_apt_cutoff.attr,
	&dev_attr_apt_cutoff_permanent.attr,
	&dev_attr_rct_failures.attr,
	&dev_attr_apt_failures.attr,
	&dev_attr_intermittent.attr,
	&dev_attr_permanent.attr,
	&dev_attr_startup_passes.attr,
	&dev_attr_startup_left.attr,
	&dev_attr_tests.attr,
	&dev_attr_test_failures.attr,
	NULL,
};

SOURCE_ATTR(raw_bytes, "%llu", info.stats.raw_bytes);
SOURCE_ATTR(used_bytes, "%llu", info.used_bytes);
SOURCE_ATTR(reserve_bytes, "%u", info.reserve_bytes);
SOURCE_ATTR(register_reads, "%llu", info.stats.register_reads);
SOURCE_ATTR(overflows, "%llu", info.stats.overflows);
SOURCE_ATTR(timeouts, "%llu", info.stats.timeouts);
SOURCE_ATTR(module_failures, "%llu", info.stats.module_failures);
SOURCE_ATTR(starts, "%llu", info.stats.starts);

static struct attribute *stats_attrs[] = {
	&dev_attr_raw_bytes.attr,
	&dev_attr_used_bytes.attr,
	&dev_attr_reserve_bytes.attr,
	&dev_attr_register_reads.attr,
	&dev_attr_overflows.attr,
	&dev_attr_timeouts.attr,
	&dev_attr_module_failures.attr,
	&dev_attr_starts.attr,
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
