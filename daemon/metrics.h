/* SPDX-License-Identifier: MIT */
/* What one thread was asked and answered, counted. */
#ifndef QRNGD_METRICS_H
#define QRNGD_METRICS_H

#include <stddef.h>
#include <stdint.h>

/* Answers by the first digit of their status; 0 is for those that were cut off. */
#define QRNGD_STATUS_CLASSES 6

/* Upper ends of the histogram's buckets, in seconds; the last bucket has none. */
#define QRNGD_LATENCY_BUCKETS 14
extern const double qrngd_latency_bounds[QRNGD_LATENCY_BUCKETS];

/**
 * struct qrngd_metrics - counters of one thread
 * @requests: by route and status class; the last route stands for paths that are none
 * @latencies: requests by the bucket of their duration, from their head to the end of
 *	their answer; not cumulated
 * @duration_ns: the sum of these durations
 * @body_bytes: what answers had as bodies
 * @messages: sent over WebSockets
 */
struct qrngd_metrics {
	_Atomic uint64_t (*requests)[QRNGD_STATUS_CLASSES];
	_Atomic uint64_t latencies[QRNGD_LATENCY_BUCKETS + 1];
	_Atomic uint64_t duration_ns;
	_Atomic uint64_t body_bytes;
	_Atomic uint64_t messages;
};

struct qrngd_call;

/**
 * qrngd_metrics_init() - start with zeroes
 * @metrics: the thread's
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_metrics_init(struct qrngd_metrics *metrics);

/** qrngd_metrics_free() - give back what qrngd_metrics_init() took */
void qrngd_metrics_free(struct qrngd_metrics *metrics);

/**
 * qrngd_metrics_begin() - a request has begun; it is counted when it ends
 * @call: the request
 * @route: its route's index, or %QRNGD_ROUTES_MAX
 * @begun_ns: when, by qrngd_now_ns()
 */
void qrngd_metrics_begin(struct qrngd_call *call, size_t route, uint64_t begun_ns);

#endif /* QRNGD_METRICS_H */
