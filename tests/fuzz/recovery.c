// SPDX-License-Identifier: MIT
/* Any row of events at any times: no undeclared state, and noise only after a passed test. */
#include <stdlib.h>

#include "../../kmod/core/recovery.h"

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Each step is a byte for the event and two for the time that went by, in milliseconds. */
struct step {
	u8 event;
	u8 wait[2];
};

static struct qrng_recovery_rules rules_from(const u8 *data)
{
	return (struct qrng_recovery_rules){
		.backoff_first = data[0],
		.backoff_max = data[1] * 256u,
		.failures_max = 1 + data[2] % 8,
		.cooldown_first = data[3] * 16u,
		.cooldown_max = data[4] * 256u,
		.stable = data[5] * 256u,
	};
}

static void take(struct qrng_recovery *recovery, const struct qrng_recovery_rules *rules,
		 const struct step *step, u64 now_ms)
{
	const struct qrng_recovery before = *recovery;
	enum qrng_recovery_event event = step->event % QRNG_RECOVERY_EVENTS;
	bool moved = qrng_recovery_step(recovery, rules, event, now_ms);

	require(recovery->state < QRNG_RECOVERY_STATES);
	require(moved == (recovery->state != before.state));
	require(recovery->failures <= rules->failures_max);
	if (before.state == QRNG_RECOVERY_GONE)
		require(!moved);
	if (moved && recovery->state == QRNG_RECOVERY_HEALTHY)
		require(event == QRNG_RECOVERY_PASSED);
	if (before.state == QRNG_RECOVERY_HEALTHY && event >= QRNG_RECOVERY_INTERMITTENT &&
	    event <= QRNG_RECOVERY_ERROR)
		require(recovery->state != QRNG_RECOVERY_HEALTHY);
	if (qrng_recovery_waits(before.state) && moved)
		require(event >= QRNG_RECOVERY_REMOVED || now_ms >= before.due_ms);
	if (before.state == QRNG_RECOVERY_DISABLED && moved)
		require(event == QRNG_RECOVERY_REMOVED || event == QRNG_RECOVERY_ENABLE);
	if (event == QRNG_RECOVERY_RESTART || event == QRNG_RECOVERY_RETEST)
		require(recovery->state != QRNG_RECOVERY_HEALTHY);
	if (moved && qrng_recovery_waits(recovery->state))
		require(recovery->due_ms - now_ms <=
			(recovery->state == QRNG_RECOVERY_OPEN ? rules->cooldown_max :
								 rules->backoff_max));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct qrng_recovery recovery = { 0 };
	struct qrng_recovery_rules rules;
	struct step step;
	u64 now_ms = 0;

	if (size < 6)
		return 0;
	rules = rules_from(data);
	for (data += 6, size -= 6; size >= sizeof(step); data += sizeof(step), size -= sizeof(step)) {
		memcpy(&step, data, sizeof(step));
		now_ms += step.wait[0] | step.wait[1] << 8;
		take(&recovery, &rules, &step, now_ms);
	}
	return 0;
}
