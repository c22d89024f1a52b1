// SPDX-License-Identifier: MIT
/* LoKey's API: what clients may configure. Members that are left out stay as they are. */
#include "lokey.h"

#include <stdatomic.h>
#include <string.h>

#include "answers.h"
#include "request.h"
#include "server.h"

static const char bad_body[] = "Invalid request body";

static const char *const size_names[QRNGD_QUEUES] = {
	[QRNGD_QUEUE_TRNG] = "trng_queue_size",
	[QRNGD_QUEUE_FORTUNA] = "fortuna_queue_size",
	[QRNGD_QUEUE_VIRTIO] = "virtio_queue_size",
};

static struct qrngd_queues *queues_of(const struct qrngd_call *call)
{
	return call->worker->server->lokey->queues;
}

static uint64_t size_of(const struct qrngd_call *call, enum qrngd_queue_kind kind)
{
	struct qrngd_queue_figures figures;

	qrngd_queue_figures(&queues_of(call)->queues[kind], &figures);
	return figures.queue_capacity;
}

static void show_sizes(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);
	enum qrngd_queue_kind kind;

	for (kind = 0; kind < QRNGD_QUEUES; kind++)
		qrngd_json_number(&json, size_names[kind], size_of(call, kind));
	qrngd_lokey_finish(call, &json);
}

/* Return: whether it is done; the answer is given if not. Members that are left out are 0. */
static bool resize(struct qrngd_call *call, enum qrngd_queue_kind kind, json_int_t items)
{
	return !items || qrngd_lokey_resize(call, kind, items);
}

/* All of them are looked at before any is changed. */
static bool read_sizes(struct qrngd_call *call, const json_t *body, json_int_t sizes[QRNGD_QUEUES])
{
	enum qrngd_queue_kind kind;

	for (kind = 0; kind < QRNGD_QUEUES; kind++) {
		sizes[kind] = 0;
		if (!qrngd_lokey_integer(call, body, size_names[kind], QRNGD_QUEUE_ITEMS_MIN,
					 QRNGD_QUEUE_ITEMS_MAX, &sizes[kind]))
			return false;
	}
	return true;
}

static void change_sizes(struct qrngd_call *call)
{
	json_t *body = qrngd_lokey_body(call, bad_body);
	json_int_t sizes[QRNGD_QUEUES];
	bool good = body && read_sizes(call, body, sizes);
	enum qrngd_queue_kind kind;

	json_decref(body);
	for (kind = 0; good && kind < QRNGD_QUEUES; kind++)
		good = resize(call, kind, sizes[kind]);
	if (good)
		show_sizes(call);
}

static void show_consume(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);

	qrngd_json_plain(&json, "consume",
			 atomic_load(&queues_of(call)->consume) ? "true" : "false");
	qrngd_lokey_finish(call, &json);
}

static void change_consume(struct qrngd_call *call)
{
	json_t *body = qrngd_lokey_body(call, bad_body);
	const json_t *member = json_object_get(body, "consume");
	bool good = json_is_boolean(member), consume = json_is_true(member);

	if (!body)
		return;
	json_decref(body);
	if (!good) {
		qrngd_lokey_refuse(call, bad_body);
		return;
	}
	qrngd_queues_set_consume(queues_of(call), consume);
	show_consume(call);
}

static void show_virtio(struct qrngd_call *call)
{
	struct qrngd_json json = qrngd_lokey_begin(call, QRNGD_LOKEY_ANSWER_MAX);

	qrngd_json_word(&json, "seeding_source",
			qrngd_virtio_feed_words[atomic_load(&queues_of(call)->feed)]);
	qrngd_json_number(&json, "queue_size", size_of(call, QRNGD_QUEUE_VIRTIO));
	qrngd_lokey_finish(call, &json);
}

/* @feed: as it is, if the member is not there. */
static bool read_feed(struct qrngd_call *call, const json_t *body, unsigned int *feed)
{
	const json_t *member = json_object_get(body, "seeding_source");
	const char *word = json_string_value(member);

	*feed = atomic_load(&queues_of(call)->feed);
	if (!member)
		return true;
	for (*feed = 0; word && qrngd_virtio_feed_words[*feed]; ++*feed)
		if (strcmp(word, qrngd_virtio_feed_words[*feed]) == 0)
			return true;
	qrngd_lokey_refuse(call, "seeding_source has to be one of trng, fortuna, both");
	return false;
}

static void change_virtio(struct qrngd_call *call)
{
	json_t *body = qrngd_lokey_body(call, bad_body);
	json_int_t items = 0;
	unsigned int feed;
	bool good = body && read_feed(call, body, &feed) &&
		    qrngd_lokey_integer(call, body, "queue_size", QRNGD_QUEUE_ITEMS_MIN,
					QRNGD_QUEUE_ITEMS_MAX, &items);

	json_decref(body);
	if (!good || !resize(call, QRNGD_QUEUE_VIRTIO, items))
		return;
	qrngd_queues_set_feed(queues_of(call), feed);
	show_virtio(call);
}

/* A path with what it shows to all, and what some may change. */
#define CONFIG(path_, show_, change_, what_)                                                       \
	{ .path = (path_),                                                                         \
	  .open = true,                                                                            \
	  .group = "LoKey: API",                                                                   \
	  .summary = "Shows " what_ ".",                                                           \
	  .type = "application/json",                                                              \
	  .handle = (show_) },                                                                     \
	{                                                                                          \
		.path = (path_), .method = "PUT", .admin = true, .local = true,                    \
		.body = "application/json", .group = "LoKey: API",                                 \
		.summary = "Changes " what_ "; what is left out stays.",                           \
		.type = "application/json", .handle = (change_)                                    \
	}

#define CONSUME "whether what is handed out is gone: {\"consume\": true}"
#define VIRTIO	"what virtual machines are fed from (trng, fortuna, both), and their queue's items"

const struct qrngd_route qrngd_routes_lokey_config[] = {
	CONFIG("/api/v1/config/queue", show_sizes, change_sizes, "how many items the queues hold"),
	CONFIG("/api/v1/config/consume", show_consume, change_consume, CONSUME),
	CONFIG("/api/v1/config/consumption", show_consume, change_consume, CONSUME),
	CONFIG("/api/v1/config/virtio", show_virtio, change_virtio, VIRTIO),
	CONFIG("/config/consumption", show_consume, change_consume, CONSUME),
	CONFIG("/config/virtio", show_virtio, change_virtio, VIRTIO),
	{ 0 },
};
