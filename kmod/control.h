/* SPDX-License-Identifier: GPL-2.0-only */
/* What an operator can do with a source. */
#ifndef _QRNG_CONTROL_H
#define _QRNG_CONTROL_H

#include <linux/bits.h>
#include <linux/types.h>

struct qrng_source;

#define QRNG_SOURCE_SET_QUALITY	BIT(0)
#define QRNG_SOURCE_SET_ALPHA	BIT(1)
#define QRNG_SOURCE_SET_ENABLED	BIT(2)
#define QRNG_SOURCE_SET_MODULES	BIT(3)

/**
 * struct qrng_source_config - what is to be set; ranges are the caller's to check
 * @set: QRNG_SOURCE_SET_*, the fields below that count
 * @quality: min-entropy claimed, QRNG_QUALITY_MIN to QRNG_QUALITY_MAX bits in 1024
 * @alpha: QRNG_ALPHA_MIN to QRNG_ALPHA_MAX, -log2 of the rate of false alarms
 * @enabled: 0 or 1
 * @modules: mask of the modules that shall work
 */
struct qrng_source_config {
	u32 set;
	u32 quality;
	u32 alpha;
	u32 enabled;
	u32 modules;
};

int qrng_source_configure(struct qrng_source *source, const struct qrng_source_config *config);
int qrng_source_test(struct qrng_source *source);
int qrng_source_restart(struct qrng_source *source);
int qrng_source_restart_all(struct qrng_source *source);
int qrng_source_switch(struct qrng_source *source, u32 on, u32 off);

#endif /* _QRNG_CONTROL_H */
