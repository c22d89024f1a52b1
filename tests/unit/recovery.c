// SPDX-License-Identifier: MIT
#include "suite.h"

#include "../../kmod/core/recovery.h"
#include "../../uapi/qrng.h"
#include "random.h"

#define STEPS	10000000

static const struct qrng_recovery_rules rules = {
	.backoff_first = 100,
	.backoff_max = 700,
	.failures_max = 5,
	.cooldown_first = 10000,
	.cooldown_max = 35000,
	.stable = 60000,
};

static struct qrng_recovery source;
static uint64_t now;

static int start_anew(void **state)
{
	(void)state;
	memset(&source, 0, sizeof(source));
	now = 1000000;
	return 0;
}

static void expect(enum qrng_recovery_event event, enum qrng_recovery_state to)
{
	bool changes = source.state != to;

	assert_int_equal(qrng_recovery_step(&source, &rules, event, now), changes);
	assert_int_equal(source.state, to);
}

/* The timer does nothing a moment before the wait is over. */
static void expect_wait(u32 ms, enum qrng_recovery_state to)
{
	enum qrng_recovery_state before = source.state;

	expect(QRNG_RECOVERY_TIMER, before);
	now += ms - 1;
	expect(QRNG_RECOVERY_TIMER, before);
	now++;
	expect(QRNG_RECOVERY_TIMER, to);
}

static void become_healthy(void)
{
	expect(QRNG_RECOVERY_STARTED, QRNG_RECOVERY_STARTUP);
	expect(QRNG_RECOVERY_PASSED, QRNG_RECOVERY_HEALTHY);
}

static void recover(u32 wait)
{
	expect_wait(wait, QRNG_RECOVERY_RECOVERING);
	expect(QRNG_RECOVERY_STARTED, QRNG_RECOVERY_VALIDATING);
	expect(QRNG_RECOVERY_PASSED, QRNG_RECOVERY_HEALTHY);
}

static void a_glitch_is_over_soon(void **state)
{
	(void)state;
	become_healthy();
	expect(QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED);
	recover(100);
	assert_int_equal(source.failures, 1);
}

static void an_intermittent_failure_needs_no_reset(void **state)
{
	(void)state;
	become_healthy();
	expect(QRNG_RECOVERY_INTERMITTENT, QRNG_RECOVERY_VALIDATING);
	expect(QRNG_RECOVERY_PASSED, QRNG_RECOVERY_HEALTHY);
	expect(QRNG_RECOVERY_PERMANENT, QRNG_RECOVERY_FAILED);
}

static void waits_double_up_to_their_limit(void **state)
{
	static const u32 waits[] = { 100, 200, 400, 700 };
	size_t i;

	(void)state;
	expect(QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED);
	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		expect_wait(waits[i], QRNG_RECOVERY_RECOVERING);
		if (i % 2)
			expect(QRNG_RECOVERY_STARTED, QRNG_RECOVERY_VALIDATING);
		expect(QRNG_RECOVERY_PERMANENT, i < 3 ? QRNG_RECOVERY_FAILED : QRNG_RECOVERY_OPEN);
	}
}

static void open_the_circuit(void)
{
	u32 i;

	become_healthy();
	for (i = 0; i < 4; i++) {
		expect(QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED);
		now += 1000;
		expect(QRNG_RECOVERY_TIMER, QRNG_RECOVERY_RECOVERING);
	}
	expect(QRNG_RECOVERY_ERROR, QRNG_RECOVERY_OPEN);
}

static void five_failures_open_the_circuit(void **state)
{
	static const u32 waits[] = { 10000, 20000, 35000, 35000 };
	size_t i;

	(void)state;
	open_the_circuit();
	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		expect_wait(waits[i], QRNG_RECOVERY_HALF_OPEN);
		expect(QRNG_RECOVERY_STARTED, QRNG_RECOVERY_HALF_OPEN);
		expect(i % 2 ? QRNG_RECOVERY_ERROR : QRNG_RECOVERY_INTERMITTENT, QRNG_RECOVERY_OPEN);
	}
	expect_wait(35000, QRNG_RECOVERY_HALF_OPEN);
	expect(QRNG_RECOVERY_STARTED, QRNG_RECOVERY_HALF_OPEN);
	expect(QRNG_RECOVERY_PASSED, QRNG_RECOVERY_HEALTHY);
}

/* A recovery alone ends no row of failures: a source that flaps is stopped, too. */
static void a_source_that_flaps_is_stopped(void **state)
{
	static const u32 waits[] = { 100, 200, 400, 700 };
	size_t i;

	(void)state;
	become_healthy();
	for (i = 0; i < 4; i++) {
		now += 59999;
		expect(QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED);
		recover(waits[i]);
	}
	now += 59999;
	expect(QRNG_RECOVERY_INTERMITTENT, QRNG_RECOVERY_OPEN);
}

static void health_that_lasts_ends_the_row(void **state)
{
	size_t i;

	(void)state;
	become_healthy();
	for (i = 0; i < 20; i++) {
		now += 60000;
		expect(QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED);
		recover(100);
	}
	now += 60000;
	source.failures = 4;
	source.opened = 3;
	expect(QRNG_RECOVERY_INTERMITTENT, QRNG_RECOVERY_VALIDATING);
	assert_int_equal(source.failures, 1);
	assert_int_equal(source.opened, 0);
}

static void removal_is_final(void **state)
{
	enum qrng_recovery_state from;
	enum qrng_recovery_event event;

	(void)state;
	for (from = 0; from < QRNG_RECOVERY_STATES; from++) {
		source = (struct qrng_recovery){ .state = from };
		assert_int_equal(qrng_recovery_step(&source, &rules, QRNG_RECOVERY_REMOVED, now),
				 from != QRNG_RECOVERY_GONE);
		for (event = 0; event < QRNG_RECOVERY_EVENTS; event++)
			expect(event, QRNG_RECOVERY_GONE);
	}
}

/* Whatever the past, the hardware is started again, and its next failure is a first one. */
static void a_restart_has_no_past(void **state)
{
	enum qrng_recovery_state from;

	(void)state;
	for (from = 0; from < QRNG_RECOVERY_STATES; from++) {
		if (from == QRNG_RECOVERY_GONE || from == QRNG_RECOVERY_DISABLED)
			continue;
		source = (struct qrng_recovery){ .state = from };
		if (from != QRNG_RECOVERY_STARTUP)
			source.failures = source.opened = 4;
		expect(QRNG_RECOVERY_RESTART, QRNG_RECOVERY_STARTUP);
		expect(QRNG_RECOVERY_ERROR, QRNG_RECOVERY_FAILED);
		assert_int_equal(source.failures, 1);
		expect_wait(100, QRNG_RECOVERY_RECOVERING);
	}
}

/* Nothing wakes it but its operator, and that is a start without a past, too. */
static void a_disabled_source_rests(void **state)
{
	enum qrng_recovery_state from;
	enum qrng_recovery_event event;

	(void)state;
	for (from = 0; from < QRNG_RECOVERY_STATES; from++) {
		if (from == QRNG_RECOVERY_GONE)
			continue;
		source = (struct qrng_recovery){ .state = from, .failures = 5, .opened = 2 };
		expect(QRNG_RECOVERY_DISABLE, QRNG_RECOVERY_DISABLED);
		now += 10000000;
		for (event = 0; event < QRNG_RECOVERY_EVENTS; event++)
			if (event != QRNG_RECOVERY_REMOVED && event != QRNG_RECOVERY_ENABLE)
				expect(event, QRNG_RECOVERY_DISABLED);
		expect(QRNG_RECOVERY_ENABLE, QRNG_RECOVERY_STARTUP);
		assert_int_equal(source.failures, 0);
		assert_int_equal(source.opened, 0);
	}
}

/* A new claim is no failure of the source, but noise has to meet it before it is used. */
static void a_retest_counts_for_nothing(void **state)
{
	enum qrng_recovery_state from;

	(void)state;
	for (from = 0; from < QRNG_RECOVERY_STATES; from++) {
		source = (struct qrng_recovery){ .state = from, .failures = 3 };
		expect(QRNG_RECOVERY_RETEST,
		       from == QRNG_RECOVERY_HEALTHY ? QRNG_RECOVERY_VALIDATING : from);
		assert_int_equal(source.failures, 3);
	}
}

static void only_a_passed_test_makes_healthy(void **state)
{
	enum qrng_recovery_state from;
	enum qrng_recovery_event event;

	(void)state;
	for (from = 0; from < QRNG_RECOVERY_STATES; from++)
		for (event = 0; event < QRNG_RECOVERY_EVENTS; event++) {
			const struct qrng_recovery_edge *edge = qrng_recovery_edge(from, event);

			if (from != QRNG_RECOVERY_HEALTHY && event != QRNG_RECOVERY_PASSED)
				assert_int_not_equal(edge->to, QRNG_RECOVERY_HEALTHY);
			/* Trouble never leaves a source healthy, and counts unless it waits. */
			if (event >= QRNG_RECOVERY_INTERMITTENT && event <= QRNG_RECOVERY_ERROR) {
				assert_int_not_equal(edge->to, QRNG_RECOVERY_HEALTHY);
				assert_int_equal(edge->counts, !qrng_recovery_waits(from) &&
						 from != QRNG_RECOVERY_GONE &&
						 from != QRNG_RECOVERY_DISABLED);
			}
		}
}

/*
 * Whatever happens, a source is healthy only after a start-up test that began after its
 * last trouble; the states are those that are declared, and no wait is longer than allowed.
 */
static void no_walk_gets_lost(void **state)
{
	uint64_t choice = 11, visits[QRNG_RECOVERY_STATES] = { 0 };
	enum qrng_recovery_event event;
	bool trusted = false;
	u32 i;

	(void)state;
	for (i = 0; i < STEPS; i++) {
		event = random_below(&choice, QRNG_RECOVERY_EVENTS);
		/* Removal is rare, or the walk would be a short one. */
		if (event == QRNG_RECOVERY_REMOVED && random_below(&choice, 10000))
			event = QRNG_RECOVERY_TIMER;
		now += random_below(&choice, 10) ? random_below(&choice, 500) :
						   random_below(&choice, 100000);
		qrng_recovery_step(&source, &rules, event, now);
		if (event == QRNG_RECOVERY_PASSED)
			trusted = true;
		if (event >= QRNG_RECOVERY_INTERMITTENT && event != QRNG_RECOVERY_TIMER &&
		    event != QRNG_RECOVERY_ENABLE)
			trusted = false;
		if (source.state >= QRNG_RECOVERY_STATES ||
		    (source.state == QRNG_RECOVERY_HEALTHY && !trusted) ||
		    source.failures > rules.failures_max || source.since_ms > now ||
		    (qrng_recovery_waits(source.state) &&
		     source.due_ms > source.since_ms + rules.cooldown_max))
			fail_msg("after %u steps: state %d", i, source.state);
		visits[source.state]++;
		if (source.state == QRNG_RECOVERY_GONE)
			memset(&source, 0, sizeof(source));
	}
	for (i = 0; i < QRNG_RECOVERY_STATES; i++)
		assert_true(visits[i] > 0);
}

/* What programs know of the states must not change its numbers. */
static void states_keep_the_numbers_of_the_interface(void **state)
{
	(void)state;
	assert_int_equal(QRNG_RECOVERY_STARTUP, QRNG_SOURCE_STARTUP);
	assert_int_equal(QRNG_RECOVERY_HEALTHY, QRNG_SOURCE_HEALTHY);
	assert_int_equal(QRNG_RECOVERY_FAILED, QRNG_SOURCE_FAILED);
	assert_int_equal(QRNG_RECOVERY_RECOVERING, QRNG_SOURCE_RECOVERING);
	assert_int_equal(QRNG_RECOVERY_GONE, QRNG_SOURCE_GONE);
	assert_int_equal(QRNG_RECOVERY_VALIDATING, QRNG_SOURCE_VALIDATING);
	assert_int_equal(QRNG_RECOVERY_OPEN, QRNG_SOURCE_OPEN);
	assert_int_equal(QRNG_RECOVERY_HALF_OPEN, QRNG_SOURCE_HALF_OPEN);
	assert_int_equal(QRNG_RECOVERY_DISABLED, QRNG_SOURCE_DISABLED);
}

#define TEST(test) cmocka_unit_test_setup(test, start_anew)

static const struct CMUnitTest tests[] = {
	TEST(a_glitch_is_over_soon),
	TEST(an_intermittent_failure_needs_no_reset),
	TEST(waits_double_up_to_their_limit),
	TEST(five_failures_open_the_circuit),
	TEST(a_source_that_flaps_is_stopped),
	TEST(health_that_lasts_ends_the_row),
	TEST(removal_is_final),
	TEST(a_restart_has_no_past),
	TEST(a_disabled_source_rests),
	TEST(a_retest_counts_for_nothing),
	TEST(only_a_passed_test_makes_healthy),
	TEST(no_walk_gets_lost),
	TEST(states_keep_the_numbers_of_the_interface),
};

SUITE(tests)
