/* SPDX-License-Identifier: MIT */
/* Random bytes without an end, or up to one, a portion at a time and at a pace. */
#ifndef QRNGD_FLOW_H
#define QRNGD_FLOW_H

#include "router.h"

/* The most a portion may be; what is sent at a time. */
#define QRNGD_PORTION_MAX 65536

/**
 * struct qrngd_flow - a flow under way
 * @portion: bytes at a time
 * @left: bytes until its end; without one, more than anybody will take
 * @rate: bytes in each @per_ms, 0: as fast as they are taken
 * @per_ms: milliseconds
 * @begun_ms: when the first portion was due
 * @sent: bytes so far
 */
struct qrngd_flow {
	size_t portion;
	uint64_t left;
	uint64_t rate;
	uint64_t per_ms;
	uint64_t begun_ms;
	uint64_t sent;
};

/* The parameters that every flow has, in this order, from the front of its route's table. */
enum { QRNGD_FLOW_PORTION, QRNGD_FLOW_TOTAL, QRNGD_FLOW_RATE };
#define QRNGD_PARAMS_FLOW(portion, rate)                                                           \
	[QRNGD_FLOW_PORTION] = QRNGD_PARAM_INTEGER("chunk_size", 1, QRNGD_PORTION_MAX, portion,    \
						   "bytes at a time"),                             \
	[QRNGD_FLOW_TOTAL] = QRNGD_PARAM_INTEGER("max_bytes", 0, INT64_MAX, 0,                     \
						 "bytes in all; 0: without an end"),               \
	[QRNGD_FLOW_RATE] = QRNGD_PARAM_INTEGER("rate", 0, 1 << 30, rate,                          \
						"bytes in a second; 0: as fast as they are taken")

/**
 * qrngd_flow_init() - take the parameters of a request
 * @flow: filled in
 * @call: the request
 */
void qrngd_flow_init(struct qrngd_flow *flow, const struct qrngd_call *call);

/**
 * qrngd_flow_limit() - let it be no faster than an address may be given answers
 * @flow: the flow
 * @call: the request
 * @size: bytes that a portion becomes
 */
void qrngd_flow_limit(struct qrngd_flow *flow, const struct qrngd_call *call, size_t size);

/**
 * qrngd_flow_due() - when the next portion may be sent
 * @flow: the flow
 *
 * Return: milliseconds on the clock of qrngd_now_ms().
 */
uint64_t qrngd_flow_due(const struct qrngd_flow *flow);

/**
 * qrngd_flow_take() - take the next portion
 * @flow: the flow
 *
 * Return: its bytes; 0 at the end.
 */
size_t qrngd_flow_take(struct qrngd_flow *flow);

#endif /* QRNGD_FLOW_H */
