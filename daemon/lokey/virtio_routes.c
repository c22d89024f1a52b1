// SPDX-License-Identifier: MIT
/* LoKey's VirtIO service: what virtual machines are fed with. */
#include "lokey.h"

#include <errno.h>

#include "answers.h"
#include "problem.h"
#include "request.h"
#include "server.h"
#include "virtio_stream.h"

#define COUNT_MAX 100

static struct qrngd_queue *queue_of(const struct qrngd_call *call)
{
	return &call->worker->server->lokey->queues->queues[QRNGD_QUEUE_VIRTIO];
}

static void handle_generate(struct qrngd_call *call)
{
	size_t count = (size_t)call->values[0].integer, len = count * QRNGD_LOKEY_VALUE;
	struct qrngd_json json = { .size = QRNGD_LOKEY_VALUES_MAX(count) };
	uint8_t *bytes;

	if (!qrngd_lokey_values_wanted(call, count))
		return;
	bytes = qrngd_lokey_secret(call, len);
	if (!qrngd_lokey_take(call, QRNGD_QUEUE_VIRTIO, 0, bytes, len))
		return;
	json.text = (char *)qrngd_lokey_secret(call, json.size);
	qrngd_json_open(&json, NULL, '{');
	qrngd_lokey_values(&json, bytes, count);
	qrngd_lokey_values_send(call, &json);
}

static void handle_health(struct qrngd_call *call)
{
	struct qrngd_queue_figures figures;

	qrngd_queue_figures(queue_of(call), &figures);
	qrngd_lokey_health(call, figures.queue_current || qrngd_tap_ready(&call->worker->tap),
			   "queue");
}

static void handle_info(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);
	const struct qrngd_texts *fifos = &call->worker->server->options->fifo;
	struct qrngd_queue_figures figures;

	qrngd_queue_figures(queue_of(call), &figures);
	qrngd_json_word(&json, "status", "running");
	if (fifos->count)
		qrngd_json_word(&json, "pipe_path", fifos->items[0]);
	qrngd_json_number(&json, "queue_current", figures.queue_current);
	qrngd_json_number(&json, "queue_size", figures.queue_capacity);
	qrngd_lokey_finish(call, &json);
}

/* What somebody sends is mixed in, and never handed to a virtual machine as it is. */
static void handle_seed(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);
	struct qrngd_seeds seeds;
	int err;

	if (!qrngd_lokey_seeds(call, "Invalid request body", &seeds))
		return;
	err = qrngd_lokey_feed(call, &seeds);
	if (err && err != -EAGAIN) {
		qrngd_problem_unavailable(call);
		return;
	}
	qrngd_json_word(&json, "status", "seeded");
	qrngd_json_number(&json, "count", seeds.count);
	qrngd_lokey_finish(call, &json);
}

static void show_queue(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);
	struct qrngd_queue_figures figures;

	qrngd_queue_figures(queue_of(call), &figures);
	qrngd_json_number(&json, "queue_size", figures.queue_capacity);
	qrngd_json_number(&json, "queue_current", figures.queue_current);
	qrngd_json_number(&json, "total_generated", figures.total_generated);
	qrngd_json_number(&json, "consumed_count", figures.consumed_count);
	qrngd_json_number(&json, "queue_dropped", figures.queue_dropped);
	qrngd_lokey_finish(call, &json);
}

static void change_queue(struct qrngd_call *call)
{
	json_t *body = qrngd_lokey_body(call, "Invalid request body");
	json_int_t items = 0;
	bool good;

	if (!body)
		return;
	good = json_is_integer(json_object_get(body, "queue_size"));
	if (!good)
		qrngd_lokey_refuse(call, "Invalid request body");
	good = good && qrngd_lokey_integer(call, body, "queue_size", QRNGD_QUEUE_ITEMS_MIN,
					   QRNGD_QUEUE_ITEMS_MAX, &items);
	json_decref(body);
	if (good && qrngd_lokey_resize(call, QRNGD_QUEUE_VIRTIO, items))
		show_queue(call);
}

const struct qrngd_route qrngd_routes_virtio[] = {
	{
		.path = "/stream",
		.group = "LoKey: VirtIO",
		.summary = "Bytes without an end, or up to one, as fast as they are taken and there.",
		.type = "application/octet-stream",
		.handle = qrngd_virtio_stream,
		.params = {
			QRNGD_PARAM_INTEGER("chunk_size", 1, 65536, 1024, "bytes at a time"),
			QRNGD_PARAM_INTEGER("max_bytes", 0, INT64_MAX, 0,
					    "bytes in all; 0: without an end"),
		},
	},
	{
		.path = "/generate",
		.group = "LoKey: VirtIO",
		.summary = "Values of 32 bytes in hexadecimal.",
		.type = "application/json",
		.handle = handle_generate,
		.params = { QRNGD_PARAM_INTEGER("count", 1, COUNT_MAX, 1,
						"how many values: one is a string, several are an "
						"array") },
	},
	{
		.path = "/health",
		.open = true,
		.group = "LoKey: VirtIO",
		.summary = "healthy as long as there is something to be had; 503 otherwise.",
		.type = "application/json",
		.handle = handle_health,
	},
	{
		.path = "/info",
		.open = true,
		.group = "LoKey: VirtIO",
		.summary = "The first FIFO (pipe_path), if there is one, and the queue.",
		.type = "application/json",
		.handle = handle_info,
	},
	{
		.path = "/seed",
		.method = "POST",
		.admin = true,
		.local = true,
		.body = "application/json",
		.group = "LoKey: VirtIO",
		.summary = "Mixes {\"seeds\": [\"HEX\", ...]} into what the queue is filled from.",
		.type = "application/json",
		.handle = handle_seed,
	},
	{
		.path = "/config/queue",
		.open = true,
		.group = "LoKey: VirtIO",
		.summary = "The queue: its size, and what came, went and was dropped.",
		.type = "application/json",
		.handle = show_queue,
	},
	{
		.path = "/config/queue",
		.method = "PUT",
		.admin = true,
		.local = true,
		.body = "application/json",
		.group = "LoKey: VirtIO",
		.summary = "Changes its size: {\"queue_size\": N}; the newest items stay.",
		.type = "application/json",
		.handle = change_queue,
	},
	{ 0 },
};
