// SPDX-License-Identifier: MIT
#include "feed.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "clock.h"
#include "head.h"
#include "server.h"
#include "timer.h"

/* The peer has to take something now and then, or it looks like one that takes nothing. */
#define BEAT_MAX_MS 10000

/* An event with its id and what stands around them. */
#define ENTRY_MAX (QRNGD_EVENT_MAX + 64)

/**
 * struct feed - a client that listens; lives in its request's pool
 * @generator: how the library asks for more
 * @link: among the worker's
 * @req: the request
 * @worker: the thread's
 * @beat: when something is sent though nothing has happened
 * @next: the number of the next event
 * @left: how many until the end
 * @busy: something is being sent
 * @text: what
 */
struct feed {
	h2o_generator_t generator;
	h2o_linklist_t link;
	h2o_req_t *req;
	struct qrngd_worker *worker;
	struct qrngd_timer beat;
	uint64_t next;
	uint64_t left;
	bool busy;
	char text[QRNGD_FEED_SIZE];
};

static void leave(struct feed *feed)
{
	if (h2o_linklist_is_linked(&feed->link)) {
		h2o_linklist_unlink(&feed->link);
		atomic_fetch_sub(&feed->worker->feeds, 1);
	}
	qrngd_timer_cancel(&feed->beat);
}

static void dispose_feed(void *data)
{
	leave(data);
}

static uint64_t beat_ms(const struct qrngd_worker *worker)
{
	uint64_t stall = (uint64_t)worker->server->options->stall_timeout_s * 1000;

	return stall / 3 < BEAT_MAX_MS ? stall / 3 : BEAT_MAX_MS;
}

static bool has_ended(const struct feed *feed)
{
	return !feed->left || feed->worker->draining;
}

static void send_text(struct feed *feed, size_t len)
{
	h2o_iovec_t part = h2o_iovec_init(feed->text, len);
	bool end = has_ended(feed);

	feed->busy = true;
	qrngd_timer_cancel(&feed->beat);
	if (end)
		leave(feed);
	h2o_send(feed->req, &part, 1, end ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

/* Return: bytes of what has happened and fits. */
static size_t fill(struct feed *feed)
{
	struct qrngd_events *events = feed->worker->server->events;
	char event[QRNGD_EVENT_MAX];
	size_t len = 0;

	while (feed->left && len + ENTRY_MAX < sizeof(feed->text) &&
	       qrngd_events_read(events, &feed->next, event)) {
		len += (size_t)snprintf(feed->text + len, sizeof(feed->text) - len,
					"id: %" PRIx64 "-%" PRIu64 "\ndata: %s\n\n", events->run,
					feed->next, event);
		feed->left--;
	}
	return len;
}

static void flow(struct feed *feed)
{
	size_t len;

	if (feed->busy)
		return;
	len = fill(feed);
	if (len || has_ended(feed))
		send_text(feed, len);
}

/* A comment, which clients take no notice of. */
static size_t put_comment(struct feed *feed)
{
	static const char comment[] = ": still here\n\n";

	memcpy(feed->text, comment, sizeof(comment) - 1);
	return sizeof(comment) - 1;
}

static void on_beat(struct qrngd_timer *timer)
{
	struct feed *feed = H2O_STRUCT_FROM_MEMBER(struct feed, beat, timer);

	send_text(feed, put_comment(feed));
}

static void on_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
	struct feed *feed = H2O_STRUCT_FROM_MEMBER(struct feed, generator, generator);

	(void)req;
	feed->busy = false;
	flow(feed);
	if (!feed->busy)
		qrngd_timer_set(&feed->beat, qrngd_now_ms() + beat_ms(feed->worker));
}

static void on_stop(h2o_generator_t *generator, h2o_req_t *req)
{
	(void)req;
	leave(H2O_STRUCT_FROM_MEMBER(struct feed, generator, generator));
}

/*
 * Where a client that comes back left off: behind the id it saw last, if that is of this
 * run of the daemon.
 */
static uint64_t first_wanted(const struct qrngd_call *call)
{
	struct qrngd_events *events = call->worker->server->events;
	h2o_iovec_t id = qrngd_head_field(call->req, "last-event-id");
	uint64_t count = qrngd_events_count(events), run, next;
	char text[64], *end;

	if (!id.base || id.len >= sizeof(text))
		return count;
	memcpy(text, id.base, id.len);
	text[id.len] = '\0';
	run = strtoull(text, &end, 16);
	if (end == text || *end != '-' || run != events->run)
		return count;
	next = strtoull(end + 1, NULL, 10);
	return next < count ? next : count;
}

static struct feed *feed_new(struct qrngd_call *call, uint64_t max)
{
	struct feed *feed = h2o_mem_alloc_shared(&call->req->pool, sizeof(*feed), dispose_feed);

	memset(feed, 0, sizeof(*feed));
	feed->generator.proceed = on_proceed;
	feed->generator.stop = on_stop;
	feed->req = call->req;
	feed->worker = call->worker;
	feed->next = first_wanted(call);
	feed->left = max ? max : UINT64_MAX;
	qrngd_timer_init(&feed->beat, &call->worker->timers, on_beat);
	return feed;
}

void qrngd_feed_send(struct qrngd_call *call, uint64_t max)
{
	struct feed *feed;

	qrngd_answer_begin(call, "text/event-stream", SIZE_MAX);
	if (call->head) {
		qrngd_answer_whole(call, NULL, 0);
		return;
	}
	feed = feed_new(call, max);
	h2o_linklist_insert(&call->worker->feed_list, &feed->link);
	atomic_fetch_add(&call->worker->feeds, 1);
	h2o_start_response(call->req, &feed->generator);
	/* So that the head leaves, and the client knows that it is heard. */
	send_text(feed, put_comment(feed));
}

static void flow_all(struct qrngd_worker *worker)
{
	h2o_linklist_t *link = worker->feed_list.next, *next;

	for (; link != &worker->feed_list; link = next) {
		next = link->next;
		flow(H2O_STRUCT_FROM_MEMBER(struct feed, link, link));
	}
}

/* Asked in each round of the loop, so it is one load as long as nothing happens. */
void qrngd_feeds_flow(struct qrngd_worker *worker)
{
	uint64_t count = qrngd_events_count(worker->server->events);

	if (count == worker->fed)
		return;
	worker->fed = count;
	flow_all(worker);
}

void qrngd_feeds_end(struct qrngd_worker *worker)
{
	flow_all(worker);
}
