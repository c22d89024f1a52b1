// SPDX-License-Identifier: MIT
/*
 * LoKey's controller, which has an ATECC608A there. Here it has whatever gives raw noise,
 * and says which.
 */
#include "lokey.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "answers.h"
#include "ration.h"

#define COUNT_MAX 100

static void send_values(struct qrngd_call *call, const uint8_t *noise, void *data)
{
	size_t count = (size_t)call->values[0].integer;
	struct qrngd_json json = { .size = QRNGD_LOKEY_VALUES_MAX(count) };
	h2o_iovec_t sources = qrngd_answer_sources(call);

	(void)data;
	json.text = (char *)qrngd_lokey_secret(call, json.size);
	qrngd_json_open(&json, NULL, '{');
	qrngd_lokey_values(&json, noise, count);
	qrngd_json_string(&json, "source", sources.base, sources.len);
	qrngd_lokey_values_send(call, &json);
}

static void handle_generate(struct qrngd_call *call)
{
	size_t count = (size_t)call->values[0].integer, len = count * QRNGD_LOKEY_VALUE;

	call->raw = true;
	if (qrngd_ration_possible(call, len) && qrngd_lokey_values_wanted(call, count))
		qrngd_ration_fetch(call, len, send_values, NULL);
}

static void handle_health(struct qrngd_call *call)
{
	call->ready = qrngd_supply_check(&call->worker->supply);
	qrngd_lokey_health(call, call->ready && qrngd_engine_has_noise(call->worker->supply.engine),
			   "device");
}

static void handle_info(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);
	h2o_iovec_t sources = qrngd_answer_sources(call);
	bool noise = qrngd_engine_has_noise(call->worker->supply.engine);

	qrngd_json_word(&json, "status", call->ready && noise ? "running" : "waiting");
	qrngd_json_word(&json, "engine", call->worker->supply.status.engine);
	qrngd_json_string(&json, "source", sources.base, sources.len);
	qrngd_json_plain(&json, "noise", noise ? "true" : "false");
	qrngd_lokey_finish(call, &json);
}

const struct qrngd_route qrngd_routes_controller[] = {
	{
		.path = "/generate",
		.group = "LoKey: controller",
		.summary = "Raw noise in values of 32 bytes in hexadecimal, and the source it is "
			   "from; 503 where there is none.",
		.type = "application/json",
		.handle = handle_generate,
		.params = { QRNGD_PARAM_INTEGER("count", 1, COUNT_MAX, 1,
						"how many values: one is a string, several are an "
						"array") },
	},
	{
		.path = "/health",
		.open = true,
		.group = "LoKey: controller",
		.summary =
			"healthy as long as there is a source of raw noise that is; 503 otherwise.",
		.type = "application/json",
		.handle = handle_health,
	},
	{
		.path = "/info",
		.open = true,
		.group = "LoKey: controller",
		.summary = "Which source of noise it has.",
		.type = "application/json",
		.handle = handle_info,
	},
	{ 0 },
};
