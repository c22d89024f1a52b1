// SPDX-License-Identifier: MIT
/*
 * Health tests, recovery and pool together, as their owners combine them: however a source
 * fails and comes back, nothing of what it gives while it fails gets into the pool.
 */
#include "suite.h"

#include "../../kmod/core/health.h"
#include "../../kmod/core/pool.h"
#include "../../kmod/core/recovery.h"
#include "random.h"

#define STEPS		10000000
#define QUALITY		768	/* six equal bytes in a row are a failure */
#define PIECE_MIN	8	/* so that no stuck piece is too short to be seen */
#define PIECE_MAX	64

/* A source, its owner, and what a witness knows who sees into the source. */
struct feeding {
	struct qrng_health health;
	struct qrng_recovery recovery;
	struct qrng_pool pool;
	u64 now_ms;
	bool started;
	bool stuck;		/* the truth */
	u64 sound;		/* bytes since it was last untrue */
	u64 fed;
	u64 faults;
	u64 recoveries;
};

static struct feeding feeding;
static uint64_t choice;

static void report_event(enum qrng_recovery_event event)
{
	enum qrng_recovery_state was = feeding.recovery.state;

	if (!qrng_recovery_step(&feeding.recovery, &qrng_recovery_rules, event, feeding.now_ms))
		return;
	if (feeding.recovery.state == QRNG_RECOVERY_VALIDATING)
		qrng_health_arm(&feeding.health, 0);
	if (feeding.recovery.state == QRNG_RECOVERY_HALF_OPEN)
		feeding.started = false;
	feeding.recoveries += feeding.recovery.state == QRNG_RECOVERY_HEALTHY;
	if (was == QRNG_RECOVERY_HEALTHY)
		feeding.sound = 0;
}

static void start_hardware(void)
{
	feeding.started = true;
	qrng_health_arm(&feeding.health, 0);
	report_event(QRNG_RECOVERY_STARTED);
}

static size_t read_piece(u8 piece[PIECE_MAX])
{
	size_t len = PIECE_MIN + random_below(&choice, PIECE_MAX - PIECE_MIN + 1), i;

	for (i = 0; i < len; i++)
		piece[i] = feeding.stuck ? 0x5a : random_next(&choice);
	feeding.sound = feeding.stuck ? 0 : feeding.sound + len;
	return len;
}

static void feed_pool(const u8 *piece, size_t len)
{
	assert_false(feeding.stuck);
	assert_true(feeding.sound >= QRNG_STARTUP_SAMPLES);
	qrng_pool_add(&feeding.pool, 1, piece, len, QUALITY);
	feeding.fed += len;
}

static void test_piece(void)
{
	u8 piece[PIECE_MAX];
	size_t len = read_piece(piece);
	bool healthy = feeding.recovery.state == QRNG_RECOVERY_HEALTHY;

	switch (qrng_health_feed(&feeding.health, piece, len)) {
	case QRNG_HEALTH_INTERMITTENT:
		report_event(QRNG_RECOVERY_INTERMITTENT);
		break;
	case QRNG_HEALTH_PERMANENT:
		report_event(QRNG_RECOVERY_PERMANENT);
		break;
	default:
		if (healthy)
			feed_pool(piece, len);
		else if (qrng_health_passed(&feeding.health))
			report_event(QRNG_RECOVERY_PASSED);
	}
}

static void work(void)
{
	switch (feeding.recovery.state) {
	case QRNG_RECOVERY_RECOVERING:
		start_hardware();
		break;
	case QRNG_RECOVERY_STARTUP:
	case QRNG_RECOVERY_HALF_OPEN:
		if (!feeding.started)
			start_hardware();
		else
			test_piece();
		break;
	case QRNG_RECOVERY_HEALTHY:
	case QRNG_RECOVERY_VALIDATING:
		test_piece();
		break;
	default:
		report_event(QRNG_RECOVERY_TIMER);
	}
}

/* Faults come and go by themselves; some errors need no fault that noise would show. */
static void meddle(void)
{
	if (!random_below(&choice, feeding.stuck ? 100 : 1000)) {
		feeding.stuck = !feeding.stuck;
		feeding.faults += feeding.stuck;
	}
	if (!random_below(&choice, 3000))
		report_event(QRNG_RECOVERY_ERROR);
	if (!random_below(&choice, 300))
		report_event(random_below(&choice, 2) ? QRNG_RECOVERY_TIMER :
						       QRNG_RECOVERY_STARTED);
}

static void plug_in(void)
{
	memset(&feeding.recovery, 0, sizeof(feeding.recovery));
	feeding.started = false;
	feeding.sound = 0;
}

static u64 credited(void)
{
	u64 credits = 0;
	size_t i;

	for (i = 0; i < QRNG_POOLS; i++)
		credits += feeding.pool.credits[i];
	return credits;
}

static void a_failing_source_never_feeds_the_pool(void **state)
{
	u32 i;

	(void)state;
	choice = 21;
	memset(&feeding, 0, sizeof(feeding));
	qrng_health_init(&feeding.health, QUALITY);
	qrng_pool_init(&feeding.pool);
	plug_in();
	for (i = 0; i < STEPS; i++) {
		feeding.now_ms += random_below(&choice, 1000);
		meddle();
		work();
		assert_true(feeding.recovery.state < QRNG_RECOVERY_STATES);
		assert_int_equal(credited(), feeding.fed * QUALITY);
		if (!random_below(&choice, 50000))
			report_event(QRNG_RECOVERY_REMOVED);
		if (feeding.recovery.state == QRNG_RECOVERY_GONE && !random_below(&choice, 20))
			plug_in();
	}
	diag("%u steps: %llu faults, %llu recoveries, %llu bytes to the pool\n", STEPS,
	     (unsigned long long)feeding.faults, (unsigned long long)feeding.recoveries,
	     (unsigned long long)feeding.fed);
	/* Otherwise nothing was tried that matters. */
	assert_true(feeding.faults > 1000 && feeding.recoveries > 1000 && feeding.fed > STEPS);
	qrng_pool_wipe(&feeding.pool);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_failing_source_never_feeds_the_pool),
};

SUITE(tests)
