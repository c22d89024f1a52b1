// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ktime.h>

#include "look.h"

static void look_at_condition(struct qrng_source *source, struct qrng_source_info *info)
{
	const struct qrng_recovery *recovery = &source->recovery;
	u64 now_ms;

	spin_lock(&source->lock);
	/* Under the lock, or a state might be entered in the future. */
	now_ms = ktime_to_ms(ktime_get_boottime());
	info->state = source->state;
	info->reason = source->reason;
	info->state_age_ms = now_ms - recovery->since_ms;
	info->error = -READ_ONCE(source->error);
	info->failures = recovery->failures;
	info->retry_ms = 0;
	if (qrng_recovery_waits(recovery->state) && recovery->due_ms > now_ms)
		info->retry_ms = recovery->due_ms - now_ms;
	spin_unlock(&source->lock);
	info->enabled = info->state != QRNG_SOURCE_DISABLED;
}

static void look_at_health(const struct qrng_health *health, struct qrng_source_info *info)
{
	info->alpha = READ_ONCE(health->alpha);
	info->intermittent = health->intermittent;
	info->permanent = health->permanent;
	info->rct_failures = READ_ONCE(health->rct_failures);
	info->apt_failures = READ_ONCE(health->apt_failures);
	info->startup_left = READ_ONCE(health->startup_left);
}

/**
 * qrng_source_look() - read state, settings and counters
 * @source: the source
 * @info: filled in. State and all that explains it fit together; counters may be a step
 *	ahead of each other
 *
 * Context: process context, does not sleep.
 */
void qrng_source_look(struct qrng_source *source, struct qrng_source_info *info)
{
	look_at_condition(source, info);
	look_at_health(&source->health, info);
	info->quality = READ_ONCE(source->quality);
	info->modules = source->modules;
	info->stats = source->stats;
	info->used_bytes = atomic64_read(&source->stats.used_bytes);
	info->reserve_bytes = qrng_reserve_fill(&source->reserve);
}
