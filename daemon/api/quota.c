// SPDX-License-Identifier: MIT
/* What each key may have, and has had. */
#include "api.h"

#include <string.h>
#include <time.h>

#include "access.h"
#include "answer.h"
#include "clock.h"
#include "problem.h"
#include "server.h"

/* A name and ten numbers, with what they are called. */
#define QUOTA_MAX 512

static void write_limits(struct qrngd_json *json, const struct qrngd_limits *limits)
{
	qrngd_json_open(json, "limits", '{');
	if (limits->requests_per_second)
		qrngd_json_number(json, "requests_per_second", limits->requests_per_second);
	if (limits->requests_per_day)
		qrngd_json_number(json, "requests_per_day", limits->requests_per_day);
	if (limits->bits_per_day)
		qrngd_json_number(json, "bits_per_day", limits->bits_per_day);
	qrngd_json_close(json, '}');
}

static void write_usage(struct qrngd_json *json, struct qrngd_account *account)
{
	struct qrngd_usage usage;

	qrngd_quota_usage(account, qrngd_now_ms(), &usage);
	qrngd_json_open(json, "day", '{');
	qrngd_json_number(json, "requests", usage.requests);
	qrngd_json_number(json, "bits", usage.bits);
	qrngd_json_number(json, "seconds_left", (usage.left_ms + 999) / 1000);
	qrngd_json_close(json, '}');
	qrngd_json_open(json, "total", '{');
	qrngd_json_number(json, "requests", usage.all_requests);
	qrngd_json_number(json, "bits", usage.all_bits);
	qrngd_json_number(json, "refused", usage.refused);
	qrngd_json_close(json, '}');
}

static void write_quota(struct qrngd_json *json, const struct qrngd_key *key)
{
	time_t until = key->until_s;
	struct tm parts;
	char date[32];

	qrngd_json_open(json, NULL, '{');
	qrngd_json_word(json, "name", key->name);
	if (key->until_s) {
		strftime(date, sizeof(date), "%Y-%m-%d", gmtime_r(&until, &parts));
		qrngd_json_word(json, "expires", date);
	}
	write_limits(json, &key->payer.limits);
	write_usage(json, key->payer.account);
	qrngd_json_close(json, '}');
}

static void handle_own(struct qrngd_call *call)
{
	struct qrngd_json json = { .size = QUOTA_MAX };
	const struct qrngd_key *key;

	if (!qrngd_access_identify(call, &key))
		return;
	if (!key) {
		qrngd_problem_send(call, 404, "whoever asks without a key has no quota");
		return;
	}
	json.text = qrngd_pool_alloc(&call->req->pool, json.size);
	write_quota(&json, key);
	qrngd_answer_json(call, "application/json", &json);
}

static void handle_all(struct qrngd_call *call)
{
	const struct qrngd_keys *keys = &call->worker->setup->keys;
	struct qrngd_json json = { .size = (keys->count + 2) * QUOTA_MAX };
	size_t i;

	json.text = qrngd_pool_alloc(&call->req->pool, json.size);
	qrngd_json_open(&json, NULL, '{');
	qrngd_json_open(&json, "quotas", '[');
	if (keys->open)
		write_quota(&json, &keys->nobody);
	for (i = 0; i < keys->count; i++)
		write_quota(&json, &keys->list[i]);
	qrngd_json_close(&json, ']');
	qrngd_json_close(&json, '}');
	qrngd_answer_json(call, "application/json", &json);
}

const struct qrngd_route qrngd_routes_quota[] = {
	{
		.path = "/v1/quota",
		.open = true,
		.group = "State",
		.summary = "What the key of the request may have, and has had in its day.",
		.type = "application/json",
		.handle = handle_own,
	},
	{
		.path = "/v1/quotas",
		.admin = true,
		.group = "Administration",
		.summary = "The same of all keys, in the order of their names.",
		.type = "application/json",
		.handle = handle_all,
	},
	{ 0 },
};
