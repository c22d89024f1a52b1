/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_LOOK_H
#define _QRNG_LOOK_H

#include "source.h"

/**
 * struct qrng_source_info - a look at a source, for sysfs and netlink
 * @state: where it stands
 * @reason: why
 * @state_age_ms: since when
 * @error: errno of its last failure, positive; 0: none
 * @failures: in a row
 * @retry_ms: until its next try, 0 in a state that does not wait
 * @quality: min-entropy claimed, bits in 1024
 * @alpha: -log2 of the rate of false alarms at the intermittent level
 * @enabled: 0 or 1
 * @modules: masks
 * @intermittent: cut-offs of that level
 * @permanent: the same
 * @rct_failures: cut-off crossings, both levels
 * @apt_failures: the same
 * @startup_left: samples that the start-up test under way still takes
 * @stats: counters
 * @used_bytes: handed to a consumer
 * @reserve_bytes: tested, waiting for a consumer
 */
struct qrng_source_info {
	enum qrng_source_state state;
	enum qrng_source_reason reason;
	u64 state_age_ms;
	u32 error;
	u32 failures;
	u64 retry_ms;
	u32 quality;
	u32 alpha;
	u32 enabled;
	struct qrng_source_modules modules;
	struct qrng_cutoffs intermittent;
	struct qrng_cutoffs permanent;
	u64 rct_failures;
	u64 apt_failures;
	u32 startup_left;
	struct qrng_source_stats stats;
	u64 used_bytes;
	u32 reserve_bytes;
};

void qrng_source_look(struct qrng_source *source, struct qrng_source_info *info);

#endif /* _QRNG_LOOK_H */
