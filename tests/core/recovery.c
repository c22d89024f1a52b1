// SPDX-License-Identifier: MIT
/* How a source recovers: waits that double, a circuit that opens, and no way around a test. */
#include "../../kmod/core/recovery.h"
#include "cases.h"

#define STEPS 1000000

static const struct qrng_recovery_rules rules = {
	.backoff_first = 100,
	.backoff_max = 300,
	.failures_max = 4,
	.cooldown_first = 1000,
	.cooldown_max = 3000,
	.stable = 60000,
};

/* One source and its clock. */
struct walk {
	struct qrng_recovery source;
	u64 now;
};

static bool leads_to(struct walk *walk, enum qrng_recovery_event event,
		     enum qrng_recovery_state state)
{
	qrng_recovery_step(&walk->source, &rules, event, walk->now);
	return walk->source.state == state;
}

/* The wait takes just @ms: a moment before, nothing happens. */
static bool waits(struct walk *walk, u32 ms, enum qrng_recovery_state next)
{
	const enum qrng_recovery_state state = walk->source.state;

	walk->now += ms - 1;
	if (!leads_to(walk, QRNG_RECOVERY_TIMER, state))
		return false;
	walk->now++;
	return leads_to(walk, QRNG_RECOVERY_TIMER, next);
}

void case_recovery_backs_off_and_opens(struct qrng_case *c)
{
	static const u32 backoffs[] = { 100, 200, 300 }, cooldowns[] = { 1000, 2000, 3000, 3000 };
	struct walk walk = { .now = 5000 };
	u32 i;

	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED));
	for (i = 0; i < ARRAY_SIZE(backoffs); i++) {
		const bool last = i + 1 == ARRAY_SIZE(backoffs);

		EXPECT(c, waits(&walk, backoffs[i], QRNG_RECOVERY_RECOVERING));
		EXPECT(c, leads_to(&walk, QRNG_RECOVERY_STARTED, QRNG_RECOVERY_VALIDATING));
		EXPECT(c, leads_to(&walk, QRNG_RECOVERY_PERMANENT,
				   last ? QRNG_RECOVERY_OPEN : QRNG_RECOVERY_FAILED));
	}
	for (i = 0; i < ARRAY_SIZE(cooldowns); i++) {
		EXPECT(c, waits(&walk, cooldowns[i], QRNG_RECOVERY_HALF_OPEN));
		EXPECT(c, leads_to(&walk, QRNG_RECOVERY_STARTED, QRNG_RECOVERY_HALF_OPEN));
		EXPECT(c, leads_to(&walk, QRNG_RECOVERY_INTERMITTENT, QRNG_RECOVERY_OPEN));
	}
	EXPECT(c, waits(&walk, 3000, QRNG_RECOVERY_HALF_OPEN));
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_PASSED, QRNG_RECOVERY_HEALTHY));
	/* Stable for long enough, so that the next failure is a first one. */
	walk.now += rules.stable;
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED));
	EXPECT(c, waits(&walk, backoffs[0], QRNG_RECOVERY_RECOVERING));
}

/* Its operator closes the circuit, rests the source, and is obeyed each time. */
void case_recovery_obeys_its_operator(struct qrng_case *c)
{
	struct walk walk = { .source = { QRNG_RECOVERY_OPEN, 4, 3, 0, 90000 }, .now = 5000 };

	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_RESTART, QRNG_RECOVERY_STARTUP));
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_PASSED, QRNG_RECOVERY_HEALTHY));
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_RETEST, QRNG_RECOVERY_VALIDATING));
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED));
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_DISABLE, QRNG_RECOVERY_DISABLED));
	walk.now += rules.cooldown_max;
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_TIMER, QRNG_RECOVERY_DISABLED));
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_RESTART, QRNG_RECOVERY_DISABLED));
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_ENABLE, QRNG_RECOVERY_STARTUP));
	/* Both were starts without a past: this failure is a first one. */
	EXPECT(c, leads_to(&walk, QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED));
	EXPECT(c, waits(&walk, 100, QRNG_RECOVERY_RECOVERING));
}

static bool tests(enum qrng_recovery_state state)
{
	return state == QRNG_RECOVERY_STARTUP || state == QRNG_RECOVERY_VALIDATING ||
	       state == QRNG_RECOVERY_HALF_OPEN;
}

static bool spoils(enum qrng_recovery_event event)
{
	return event != QRNG_RECOVERY_STARTED && event != QRNG_RECOVERY_PASSED &&
	       event != QRNG_RECOVERY_TIMER && event != QRNG_RECOVERY_ENABLE;
}

/* Knuth's linear congruential generator, so that each run walks the same way. */
static u32 next_below(u64 *choice, u32 limit)
{
	*choice = *choice * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(*choice >> 33) % limit;
}

/* After whatever events: healthy only if a test has passed and nothing failed since. */
void case_recovery_walk_never_skips_a_test(struct qrng_case *c)
{
	struct walk walk = { .now = 0 };
	u64 choice = 1, healthy = 0;
	bool passed = false;
	u32 i;

	for (i = 0; i < STEPS; i++) {
		const enum qrng_recovery_state before = walk.source.state;
		enum qrng_recovery_event event = next_below(&choice, QRNG_RECOVERY_EVENTS);

		/* Once in a thousand steps is often enough to be pulled out. */
		if (event == QRNG_RECOVERY_REMOVED && next_below(&choice, 1000))
			event = QRNG_RECOVERY_TIMER;
		walk.now += next_below(&choice, 500);
		passed = (passed || (event == QRNG_RECOVERY_PASSED && tests(before))) &&
			 !spoils(event);
		qrng_recovery_step(&walk.source, &rules, event, walk.now);
		EXPECT(c, walk.source.state < QRNG_RECOVERY_STATES);
		EXPECT(c, walk.source.state != QRNG_RECOVERY_HEALTHY || passed);
		EXPECT(c, walk.source.failures <= rules.failures_max);
		EXPECT(c, (event == QRNG_RECOVERY_REMOVED || before == QRNG_RECOVERY_GONE) ==
				  (walk.source.state == QRNG_RECOVERY_GONE));
		healthy += walk.source.state == QRNG_RECOVERY_HEALTHY;
		if (walk.source.state == QRNG_RECOVERY_GONE && !next_below(&choice, 20))
			memset(&walk.source, 0, sizeof(walk.source));
	}
	EXPECT(c, healthy > STEPS / 100);
}
