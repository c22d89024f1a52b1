// SPDX-License-Identifier: MIT
/* What a client may have, and has had: by the second, by the day, over several threads. */
#include "suite.h"

#include <pthread.h>

#include "../../daemon/quota.h"

#define DAY_MS ((uint64_t)QRNGD_DAY_S * 1000)
#define NOW    ((uint64_t)1000000)

static struct qrngd_payer payer_of(const char *name, struct qrngd_limits limits)
{
	return (struct qrngd_payer){ .account = qrngd_account_of(name), .limits = limits };
}

static enum qrngd_limit request(const struct qrngd_payer *payer, uint64_t now)
{
	uint64_t wait_ms;

	return qrngd_quota_request(payer, now, &wait_ms);
}

static void accounts_belong_to_names(void **state)
{
	(void)state;
	assert_non_null(qrngd_account_of("a"));
	assert_ptr_equal(qrngd_account_of("a"), qrngd_account_of("a"));
	assert_ptr_not_equal(qrngd_account_of("a"), qrngd_account_of("b"));
}

static void nobody_pays_for_nobody(void **state)
{
	const struct qrngd_payer nobody = { .limits = { 1, 1, 1 } };

	(void)state;
	assert_int_equal(request(&nobody, NOW), QRNGD_LIMIT_NONE);
	assert_int_equal(request(&nobody, NOW), QRNGD_LIMIT_NONE);
	assert_int_equal(qrngd_quota_afford(&nobody, UINT64_MAX, NOW), 0);
	assert_true(qrngd_quota_spend(&nobody, UINT64_MAX, NOW));
}

static void without_limits_all_is_counted(void **state)
{
	struct qrngd_payer payer = payer_of("free", (struct qrngd_limits){ 0 });
	struct qrngd_usage usage;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_NONE);
		assert_true(qrngd_quota_spend(&payer, 1ULL << 40, NOW));
	}
	qrngd_quota_usage(payer.account, NOW, &usage);
	assert_int_equal(usage.requests, 1000);
	assert_int_equal(usage.bits, 1000ULL << 40);
	assert_int_equal(usage.refused, 0);
}

static void seconds_fill_up_again(void **state)
{
	struct qrngd_payer payer = payer_of("second", (struct qrngd_limits){ 4, 0, 0 });
	uint64_t wait_ms;
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_NONE);
	assert_int_equal(qrngd_quota_request(&payer, NOW, &wait_ms), QRNGD_LIMIT_SECOND);
	assert_int_equal(wait_ms, 250);
	assert_int_equal(request(&payer, NOW + 249), QRNGD_LIMIT_SECOND);
	assert_int_equal(request(&payer, NOW + 250), QRNGD_LIMIT_NONE);
	assert_int_equal(request(&payer, NOW + 250), QRNGD_LIMIT_SECOND);
	/* Years of rest are worth no more than a second. */
	for (i = 0; i < 4; i++)
		assert_int_equal(request(&payer, NOW + 1000 * DAY_MS), QRNGD_LIMIT_NONE);
	assert_int_equal(request(&payer, NOW + 1000 * DAY_MS), QRNGD_LIMIT_SECOND);
}

static void a_day_begins_with_its_first_request(void **state)
{
	struct qrngd_payer payer = payer_of("day", (struct qrngd_limits){ 0, 3, 0 });
	struct qrngd_usage usage;
	uint64_t wait_ms;

	(void)state;
	qrngd_quota_usage(payer.account, NOW, &usage);
	assert_int_equal(usage.left_ms, DAY_MS);
	assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_NONE);
	assert_int_equal(request(&payer, NOW + 1), QRNGD_LIMIT_NONE);
	assert_int_equal(request(&payer, NOW + DAY_MS - 1), QRNGD_LIMIT_NONE);
	assert_int_equal(qrngd_quota_request(&payer, NOW + DAY_MS - 1, &wait_ms),
			 QRNGD_LIMIT_REQUESTS);
	assert_int_equal(wait_ms, 1);
	assert_int_equal(request(&payer, NOW + DAY_MS), QRNGD_LIMIT_NONE);
	qrngd_quota_usage(payer.account, NOW + DAY_MS + 5, &usage);
	assert_int_equal(usage.requests, 1);
	assert_int_equal(usage.all_requests, 4);
	assert_int_equal(usage.refused, 1);
	assert_int_equal(usage.left_ms, DAY_MS - 5);
	/* A thread that looked at the clock before the one that began the day. */
	assert_int_equal(request(&payer, NOW + DAY_MS - 1), QRNGD_LIMIT_NONE);
	qrngd_quota_usage(payer.account, NOW + DAY_MS, &usage);
	assert_int_equal(usage.requests, 2);
	qrngd_quota_usage(payer.account, NOW + 2 * DAY_MS, &usage);
	assert_int_equal(usage.requests, 0);
}

static void bits_are_not_overdrawn(void **state)
{
	struct qrngd_payer payer = payer_of("bits", (struct qrngd_limits){ 0, 0, 1000 });

	(void)state;
	assert_int_equal(qrngd_quota_afford(&payer, 1001, NOW), QRNGD_BUCKET_NEVER);
	assert_int_equal(qrngd_quota_afford(&payer, UINT64_MAX, NOW), QRNGD_BUCKET_NEVER);
	assert_int_equal(qrngd_quota_afford(&payer, 1000, NOW), 0);
	assert_true(qrngd_quota_spend(&payer, 600, NOW));
	assert_int_equal(qrngd_quota_afford(&payer, 401, NOW + 1), DAY_MS - 1);
	assert_false(qrngd_quota_spend(&payer, 401, NOW));
	assert_true(qrngd_quota_spend(&payer, 400, NOW));
	assert_false(qrngd_quota_spend(&payer, 1, NOW));
	assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_BITS);
	assert_int_equal(request(&payer, NOW + DAY_MS), QRNGD_LIMIT_NONE);
	assert_true(qrngd_quota_spend(&payer, 1000, NOW + DAY_MS));
}

static void limits_may_change(void **state)
{
	struct qrngd_payer payer = payer_of("changes", (struct qrngd_limits){ 2, 10, 1000 });

	(void)state;
	assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_NONE);
	assert_true(qrngd_quota_spend(&payer, 1000, NOW));
	payer.limits = (struct qrngd_limits){ 1, 10, 500 };
	assert_false(qrngd_quota_spend(&payer, 1, NOW));
	assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_BITS);
	payer.limits.bits_per_day = 2000;
	assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_NONE);
	assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_SECOND);
	payer.limits.requests_per_second = 0;
	assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_NONE);
	payer.limits.requests_per_day = 3;
	assert_int_equal(request(&payer, NOW), QRNGD_LIMIT_REQUESTS);
}

/** struct spender - a thread that takes all it gets */
struct spender {
	const struct qrngd_payer *payer;
	pthread_t thread;
	uint64_t spent;
};

static void *spend_all(void *arg)
{
	struct spender *spender = arg;

	while (qrngd_quota_spend(spender->payer, 7, NOW))
		spender->spent += 7;
	return NULL;
}

static void threads_share_what_there_is(void **state)
{
	struct qrngd_payer payer = payer_of("threads", (struct qrngd_limits){ 0, 0, 700000 });
	struct spender spenders[8];
	uint64_t sum = 0;
	int i;

	(void)state;
	for (i = 0; i < 8; i++) {
		spenders[i] = (struct spender){ .payer = &payer };
		assert_int_equal(pthread_create(&spenders[i].thread, NULL, spend_all, &spenders[i]), 0);
	}
	for (i = 0; i < 8; i++) {
		pthread_join(spenders[i].thread, NULL);
		sum += spenders[i].spent;
	}
	assert_int_equal(sum, 700000);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(accounts_belong_to_names),
	cmocka_unit_test(nobody_pays_for_nobody),
	cmocka_unit_test(without_limits_all_is_counted),
	cmocka_unit_test(seconds_fill_up_again),
	cmocka_unit_test(a_day_begins_with_its_first_request),
	cmocka_unit_test(bits_are_not_overdrawn),
	cmocka_unit_test(limits_may_change),
	cmocka_unit_test(threads_share_what_there_is),
};

SUITE(tests)
