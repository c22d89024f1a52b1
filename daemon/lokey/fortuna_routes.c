// SPDX-License-Identifier: MIT
/* LoKey's Fortuna service. */
#include "lokey.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>

#include "answers.h"
#include "problem.h"
#include "request.h"
#include "server.h"

#define SIZE_LIMIT 1048576

static struct qrngd_lokey *lokey_of(const struct qrngd_call *call)
{
	return call->worker->server->lokey;
}

/* Return: whether the generator is ready; the answer is 503 if it is not. */
static bool is_ready(struct qrngd_call *call)
{
	call->ready = qrngd_tap_ready(&call->worker->tap);
	call->supply = &call->worker->tap.supply;
	if (!call->ready)
		qrngd_problem_unavailable(call);
	return call->ready;
}

static void handle_generate(struct qrngd_call *call)
{
	if (is_ready(call))
		qrngd_lokey_hex(call, (uint64_t)call->values[0].integer);
}

static void handle_health(struct qrngd_call *call)
{
	call->supply = &call->worker->tap.supply;
	qrngd_lokey_health(call, qrngd_tap_ready(&call->worker->tap), "generator");
}

static void handle_info(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);
	const struct qrngd_fortuna *fortuna = &lokey_of(call)->fortuna;
	bool ready = qrngd_tap_ready(&call->worker->tap);

	call->supply = &call->worker->tap.supply;
	qrngd_json_word(&json, "status", ready ? "running" : "waiting");
	qrngd_json_number(&json, "amplification_factor",
			  call->worker->setup->options.lokey_amplification);
	if (atomic_load(&fortuna->reseeds))
		qrngd_lokey_time(&json, "last_reseeded", atomic_load(&fortuna->reseeded));
	qrngd_json_number(&json, "counter", atomic_load(&fortuna->reseeds));
	qrngd_lokey_finish(call, &json);
}

/* Seeds that the rules of Fortuna let in only later are in the pools, which is as good. */
static void tell_seeded(struct qrngd_call *call, size_t count, bool reseeded)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);

	qrngd_json_word(&json, "status", reseeded ? "reseeded" : "pooled");
	qrngd_json_number(&json, "count", count);
	qrngd_lokey_time(&json, "last_reseeded", atomic_load(&lokey_of(call)->fortuna.reseeded));
	qrngd_lokey_finish(call, &json);
}

static void handle_seed(struct qrngd_call *call)
{
	struct qrngd_seeds seeds;
	int ret;

	if (!is_ready(call) || !qrngd_lokey_seeds(call, "Invalid request format", &seeds))
		return;
	ret = qrngd_lokey_feed(call, &seeds);
	if (ret == 0 || ret == -EAGAIN)
		tell_seeded(call, seeds.count, ret == 0);
	else
		qrngd_problem_send(call, 503,
				   "Failed to reseed generator: the engine has just "
				   "refused a seed");
}

/* Return: NULL, or what is wrong. */
static const char *read_seed(struct qrngd_call *call, const json_t *body, struct qrngd_seed *seed)
{
	const json_t *text = json_object_get(body, "seed");

	if (!json_string_length(text))
		return "Invalid request format";
	return qrngd_lokey_seed(call, text, seed);
}

/* Return: the size asked for, 0 if none was given, -1 if the answer is 400. */
static json_int_t read_amplify(struct qrngd_call *call, struct qrngd_seed *seed)
{
	json_t *body = qrngd_lokey_body(call, "Invalid request format");
	json_int_t size = 0;
	const char *fault;

	if (!body)
		return -1;
	fault = read_seed(call, body, seed);
	if (fault)
		qrngd_lokey_refuse(call, fault);
	if (fault || !qrngd_lokey_integer(call, body, "size", 1, SIZE_LIMIT, &size))
		size = -1;
	json_decref(body);
	return size;
}

static void handle_amplify(struct qrngd_call *call)
{
	json_int_t factor = call->worker->setup->options.lokey_amplification;
	struct qrngd_seed seed;
	json_int_t size;

	if (!is_ready(call))
		return;
	size = read_amplify(call, &seed);
	if (size < 0)
		return;
	if (!size)
		size = (json_int_t)seed.len * factor;
	qrngd_fortuna_feed(&lokey_of(call)->fortuna, seed.bytes, seed.len);
	qrngd_tap_mix(&call->worker->tap, seed.bytes, seed.len);
	qrngd_lokey_hex(call, (uint64_t)size);
}

const struct qrngd_route qrngd_routes_fortuna[] = {
	{
		.path = "/generate",
		.group = "LoKey: Fortuna",
		.summary = "Bytes from Fortuna in hexadecimal, under a new key for each answer.",
		.type = "application/json",
		.handle = handle_generate,
		.params = { QRNGD_PARAM_INTEGER("size", 1, SIZE_LIMIT, 128, "how many bytes") },
	},
	{
		.path = "/health",
		.open = true,
		.group = "LoKey: Fortuna",
		.summary =
			"healthy as long as the generator has a seed that counts; 503 otherwise.",
		.type = "application/json",
		.handle = handle_health,
	},
	{
		.path = "/info",
		.open = true,
		.group = "LoKey: Fortuna",
		.summary = "When it was reseeded last, and how often so far (counter).",
		.type = "application/json",
		.handle = handle_info,
	},
	{
		.path = "/seed",
		.method = "POST",
		.admin = true,
		.local = true,
		.body = "application/json",
		.group = "LoKey: Fortuna",
		.summary = "Puts {\"seeds\": [\"HEX\", ...]} into the pools and reseeds.",
		.type = "application/json",
		.handle = handle_seed,
	},
	{
		.path = "/amplify",
		.method = "POST",
		.admin = true,
		.local = true,
		.body = "application/json",
		.group = "LoKey: Fortuna",
		.summary =
			"Mixes {\"seed\": \"HEX\", \"size\": N} into the generator, and draws from "
			"it.",
		.type = "application/json",
		.handle = handle_amplify,
	},
	{ 0 },
};
