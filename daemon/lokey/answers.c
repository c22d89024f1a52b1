// SPDX-License-Identifier: MIT
#include "answers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "answer.h"
#include "encode.h"
#include "problem.h"
#include "server.h"
#include "toll.h"

/* Bytes that are drawn at a time: whole blocks, and in the cache until they are text. */
#define STEP 16384

/* What comes behind the digits. */
#define TAIL_MAX 40

struct qrngd_json qrngd_lokey_begin(struct qrngd_call *call, size_t size)
{
	struct qrngd_json json = { .size = size };

	json.text = qrngd_pool_alloc(&call->req->pool, size);
	qrngd_json_open(&json, NULL, '{');
	return json;
}

void qrngd_lokey_finish(struct qrngd_call *call, struct qrngd_json *json)
{
	qrngd_json_close(json, '}');
	qrngd_answer_json(call, QRNGD_LOKEY_JSON, json);
}

void qrngd_lokey_time(struct qrngd_json *json, const char *name, int64_t ms)
{
	time_t seconds = ms / 1000;
	char text[40], second[24];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(second, sizeof(second), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "%s.%03dZ", second, (int)(ms % 1000));
	qrngd_json_word(json, name, text);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void qrngd_lokey_now(struct qrngd_json *json, const char *name)
{
	qrngd_lokey_time(json, name, now_ms());
}

static void put_value(struct qrngd_json *json, const char *name, const uint8_t *value)
{
	char text[QRNGD_HEX_SIZE(QRNGD_LOKEY_VALUE)];

	qrngd_json_string(json, name, text, qrngd_hex(text, value, QRNGD_LOKEY_VALUE));
	qrng_wipe(text, sizeof(text));
}

void qrngd_lokey_values(struct qrngd_json *json, const uint8_t *bytes, size_t count)
{
	size_t i;

	if (count == 1) {
		put_value(json, "data", bytes);
		return;
	}
	qrngd_json_open(json, "data", '[');
	for (i = 0; i < count; i++)
		put_value(json, NULL, bytes + i * QRNGD_LOKEY_VALUE);
	qrngd_json_close(json, ']');
}

bool qrngd_lokey_values_wanted(struct qrngd_call *call, size_t count)
{
	if (!qrngd_toll_possible(call, count * QRNGD_HEX_SIZE(QRNGD_LOKEY_VALUE)))
		return false;
	if (!call->head)
		return true;
	qrngd_answer_begin(call, QRNGD_LOKEY_JSON, SIZE_MAX);
	qrngd_answer_whole(call, NULL, 0);
	return false;
}

void qrngd_lokey_values_send(struct qrngd_call *call, struct qrngd_json *json)
{
	qrngd_json_close(json, '}');
	if (qrngd_toll_take(call, json->len))
		qrngd_answer_json(call, QRNGD_LOKEY_JSON, json);
}

void qrngd_lokey_health(struct qrngd_call *call, bool healthy, const char *part)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);

	qrngd_json_word(&json, "status", healthy ? "healthy" : "unhealthy");
	qrngd_lokey_now(&json, "timestamp");
	if (!healthy) {
		call->req->res.status = 503;
		call->req->res.reason = "Service Unavailable";
		qrngd_json_open(&json, "details", '{');
		qrngd_json_plain(&json, part, "false");
		qrngd_json_close(&json, '}');
		qrngd_json_word(&json, "detail", call->worker->supply.status.detail);
	}
	qrngd_lokey_finish(call, &json);
}

/** struct secret - what is wiped with its request */
struct secret {
	size_t len;
	uint8_t bytes[];
};

static void dispose_secret(void *data)
{
	struct secret *secret = data;

	qrng_wipe(secret->bytes, secret->len);
}

uint8_t *qrngd_lokey_secret(struct qrngd_call *call, size_t len)
{
	struct secret *secret =
		h2o_mem_alloc_shared(&call->req->pool, sizeof(*secret) + len, dispose_secret);

	secret->len = len;
	return secret->bytes;
}

/* Nothing shorter is given instead. */
static void refuse_short(struct qrngd_call *call, size_t there, size_t len)
{
	char text[160];

	qrngd_answer_retry_after(call, 1);
	if (!there) {
		qrngd_problem_send(call, 404, "No data available");
		return;
	}
	snprintf(text, sizeof(text),
		 "only %zu of %zu bytes are available now; ask for less, or again", there, len);
	qrngd_problem_send(call, 503, text);
}

bool qrngd_lokey_take(struct qrngd_call *call, enum qrngd_queue_kind queue, uint32_t skip,
		      uint8_t *to, size_t len)
{
	size_t there = 0;
	int err = qrngd_queues_read(call->worker->server->lokey->queues, queue, skip, to, len,
				    &there);

	if (err == -EAGAIN)
		refuse_short(call, there, len);
	else if (err == -ENOTSUP)
		qrngd_problem_send(call, 503,
				   "there is no raw noise here: a generator gives the seeds, "
				   "which is no noise source; source fortuna has bytes");
	else if (err)
		qrngd_problem_unavailable(call);
	return !err;
}

/** struct hex - bytes on their way into a document */
struct hex {
	struct qrngd_body body;
	uint64_t size;
	uint64_t left;
	size_t tail_len;
	char tail[TAIL_MAX];
};

static const char head[] = "{\"data\":\"";

static size_t step_of(const struct hex *hex)
{
	return hex->left < STEP ? hex->left : STEP;
}

static size_t put_step(struct hex *hex, char *to)
{
	uint8_t bytes[STEP];
	size_t len = step_of(hex);

	qrngd_supply_draw(&hex->body.worker->tap.supply, bytes, len);
	qrngd_hex(to, bytes, len);
	qrng_wipe(bytes, len);
	hex->left -= len;
	return QRNGD_HEX_SIZE(len);
}

static size_t make_hex(struct qrngd_body *body, uint8_t *to, size_t size, bool *end)
{
	struct hex *hex = (struct hex *)body;
	char *text = (char *)to;
	size_t len = 0;

	if (hex->left == hex->size) {
		len = sizeof(head) - 1;
		memcpy(text, head, len);
	}
	if (!qrngd_tap_ready(&body->worker->tap)) {
		body->broken = true;
		return len;
	}
	while (hex->left && len + QRNGD_HEX_SIZE(step_of(hex)) <= size)
		len += put_step(hex, text + len);
	if (hex->left || len + hex->tail_len > size)
		return len;
	*end = true;
	memcpy(text + len, hex->tail, hex->tail_len);
	return len + hex->tail_len;
}

void qrngd_lokey_hex(struct qrngd_call *call, uint64_t size)
{
	struct hex *hex = qrngd_body_new(call, sizeof(*hex), make_hex);

	call->supply = &call->worker->tap.supply;
	hex->size = hex->left = size;
	hex->tail_len = (size_t)snprintf(hex->tail, TAIL_MAX, "\",\"size\":%" PRIu64 "}", size);
	qrngd_body_send(call, &hex->body, QRNGD_LOKEY_JSON,
			sizeof(head) - 1 + QRNGD_HEX_SIZE(size) + hex->tail_len);
}
