// SPDX-License-Identifier: MIT
#include "request.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "answers.h"
#include "encode.h"
#include "lokey/verdict.h"
#include "problem.h"
#include "server.h"

json_t *qrngd_lokey_body(struct qrngd_call *call, const char *error)
{
	h2o_iovec_t entity = call->req->entity;
	json_t *body = entity.base ? json_loadb(entity.base, entity.len, 0, NULL) : NULL;

	if (json_is_object(body))
		return body;
	json_decref(body);
	qrngd_lokey_refuse(call, error);
	return NULL;
}

void qrngd_lokey_refuse(struct qrngd_call *call, const char *error)
{
	qrngd_problem_send(call, 400, error);
}

bool qrngd_lokey_integer(struct qrngd_call *call, const json_t *body, const char *name,
			 json_int_t min, json_int_t max, json_int_t *value)
{
	const json_t *member = json_object_get(body, name);
	char text[128];

	if (!member)
		return true;
	*value = json_integer_value(member);
	if (json_is_integer(member) && *value >= min && *value <= max)
		return true;
	snprintf(text, sizeof(text),
		 "%s has to be a number from %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT,
		 name, min, max);
	qrngd_lokey_refuse(call, text);
	return false;
}

static const char *reject(struct qrngd_call *call, const char *clause)
{
	char text[160];

	snprintf(text, sizeof(text), "Seed rejected: it %s", clause);
	return h2o_strdup(&call->req->pool, text, SIZE_MAX).base;
}

const char *qrngd_lokey_seed(struct qrngd_call *call, const json_t *text, struct qrngd_seed *seed)
{
	static const char not_hex[] = "Invalid seed format (not hex)";
	size_t len = json_string_length(text) / 2;
	const char *fault;

	if (!len || json_string_length(text) % 2)
		return not_hex;
	*seed = (struct qrngd_seed){ qrngd_lokey_secret(call, len), len };
	if (!qrngd_unhex_any(seed->bytes, json_string_value(text), len))
		return not_hex;
	fault = qrngd_verdict(seed->bytes, len);
	return fault ? reject(call, fault) : NULL;
}

/* Return: NULL, or what is wrong. */
static const char *read_seeds(struct qrngd_call *call, const json_t *list,
			      struct qrngd_seeds *seeds)
{
	const char *fault = NULL;
	const json_t *text;
	size_t i;

	if (!json_array_size(list))
		return "No seeds provided";
	seeds->count = json_array_size(list);
	seeds->items = qrngd_pool_alloc(&call->req->pool, seeds->count * sizeof(*seeds->items));
	json_array_foreach(list, i, text)
	{
		fault = qrngd_lokey_seed(call, text, &seeds->items[i]);
		if (fault)
			break;
	}
	return fault;
}

bool qrngd_lokey_seeds(struct qrngd_call *call, const char *error, struct qrngd_seeds *seeds)
{
	json_t *body = qrngd_lokey_body(call, error);
	const json_t *list = json_object_get(body, "seeds");
	const char *fault;

	if (!body)
		return false;
	fault = json_is_array(list) ? read_seeds(call, list, seeds) : error;
	json_decref(body);
	if (fault)
		qrngd_lokey_refuse(call, fault);
	return !fault;
}

int qrngd_lokey_feed(struct qrngd_call *call, const struct qrngd_seeds *seeds)
{
	struct qrngd_server *server = call->worker->server;
	size_t i;

	for (i = 0; i < seeds->count; i++)
		qrngd_fortuna_feed(&server->lokey->fortuna, seeds->items[i].bytes,
				   seeds->items[i].len);
	return qrngd_fortuna_reseed(&server->lokey->fortuna, server->engine);
}

bool qrngd_lokey_resize(struct qrngd_call *call, enum qrngd_queue_kind kind, json_int_t items)
{
	if (qrngd_queues_resize(call->worker->server->lokey->queues, kind, (uint32_t)items) == 0)
		return true;
	qrngd_problem_send(call, 503, "out of memory: the queue is as large as it was");
	return false;
}
