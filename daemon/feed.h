/* SPDX-License-Identifier: MIT */
/* Events for clients, as server-sent events: each as it happens. */
#ifndef QRNGD_FEED_H
#define QRNGD_FEED_H

#include "router.h"

/* The most that is sent at a time; there are always more than one event's worth. */
#define QRNGD_FEED_SIZE 8192

/**
 * qrngd_feed_send() - answer with events, from now on or from where the client left off
 * @call: the request
 * @max: how many, 0: without an end
 */
void qrngd_feed_send(struct qrngd_call *call, uint64_t max);

/**
 * qrngd_feeds_flow() - tell the worker's clients what has happened since the last time
 * @worker: this thread's
 */
void qrngd_feeds_flow(struct qrngd_worker *worker);

/** qrngd_feeds_end() - let them end, as the worker drains */
void qrngd_feeds_end(struct qrngd_worker *worker);

#endif /* QRNGD_FEED_H */
