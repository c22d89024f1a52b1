// SPDX-License-Identifier: MIT
#include "toll.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "clock.h"
#include "problem.h"

/* Three policies with numbers of 64 bits. */
#define HEADER_MAX 256

static struct qrngd_header policy_header = QRNGD_HEADER("ratelimit-policy", "RateLimit-Policy");
static struct qrngd_header state_header = QRNGD_HEADER("ratelimit", "RateLimit");

static const char *const details[] = {
	[QRNGD_LIMIT_SECOND] = "more requests came than this key may make in a second",
	[QRNGD_LIMIT_REQUESTS] = "this key has no more requests for this day",
	[QRNGD_LIMIT_BITS] = "this key has no more bits for this day",
};

static void refuse(struct qrngd_call *call, enum qrngd_limit limit, uint64_t wait_ms)
{
	if (wait_ms == QRNGD_BUCKET_NEVER)
		qrngd_problem_send(call, 403,
				   "so long an answer is more than this key may have in a day");
	else
		qrngd_problem_later(call, (wait_ms + 999) / 1000, details[limit]);
}

/** struct headers - the two fields, as they grow */
struct headers {
	char policy[HEADER_MAX];
	char state[HEADER_MAX];
	size_t policy_len;
	size_t state_len;
};

/* draft-ietf-httpapi-ratelimit-headers-10: what there is, and what is left of it. */
static void put_policy(struct headers *headers, const char *policy, uint64_t limit, uint64_t used,
		       uint64_t left_ms)
{
	const char *comma = headers->policy_len ? ", " : "";

	headers->policy_len += (size_t)snprintf(
		headers->policy + headers->policy_len, HEADER_MAX - headers->policy_len,
		"%s%s;q=%" PRIu64 ";w=%d", comma, policy, limit, QRNGD_DAY_S);
	headers->state_len += (size_t)snprintf(
		headers->state + headers->state_len, HEADER_MAX - headers->state_len,
		"%s%.*s;r=%" PRIu64 ";t=%" PRIu64, comma, (int)strcspn(policy, ";"), policy,
		used < limit ? limit - used : 0, (left_ms + 999) / 1000);
}

static void add_header(struct qrngd_call *call, struct qrngd_header *header, const char *text,
		       size_t len)
{
	char *copy = qrngd_pool_alloc(&call->req->pool, len);

	memcpy(copy, text, len);
	qrngd_answer_header(call, header, copy, len);
}

static void add_headers(struct qrngd_call *call, uint64_t now)
{
	const struct qrngd_limits *limits = &call->payer.limits;
	struct headers headers = { .policy_len = 0 };
	struct qrngd_usage usage;

	if (!limits->requests_per_day && !limits->bits_per_day)
		return;
	qrngd_quota_usage(call->payer.account, now, &usage);
	if (limits->requests_per_day)
		put_policy(&headers, "\"requests\"", limits->requests_per_day, usage.requests,
			   usage.left_ms);
	if (limits->bits_per_day)
		put_policy(&headers, "\"bytes\";qu=\"content-bytes\"", limits->bits_per_day / 8,
			   (usage.bits + 7) / 8, usage.left_ms);
	add_header(call, &policy_header, headers.policy, headers.policy_len);
	add_header(call, &state_header, headers.state, headers.state_len);
}

bool qrngd_toll_request(struct qrngd_call *call)
{
	uint64_t wait_ms;
	enum qrngd_limit limit = qrngd_quota_request(&call->payer, call->now_ms, &wait_ms);

	add_headers(call, call->now_ms);
	if (limit != QRNGD_LIMIT_NONE)
		refuse(call, limit, wait_ms);
	return limit == QRNGD_LIMIT_NONE;
}

bool qrngd_toll_possible(struct qrngd_call *call, uint64_t len)
{
	uint64_t wait_ms;

	if (!call->payer.account)
		return true;
	wait_ms = qrngd_quota_afford(&call->payer, 8 * len, qrngd_now_ms());
	if (wait_ms)
		refuse(call, QRNGD_LIMIT_BITS, wait_ms);
	return !wait_ms;
}

/* What is possible is taken, unless another thread was faster. */
bool qrngd_toll_take(struct qrngd_call *call, size_t len)
{
	while (!qrngd_toll_more(&call->payer, len))
		if (!qrngd_toll_possible(call, len))
			return false;
	return true;
}

bool qrngd_toll_more(const struct qrngd_payer *payer, size_t len)
{
	return !payer->account || qrngd_quota_spend(payer, 8 * (uint64_t)len, qrngd_now_ms());
}
