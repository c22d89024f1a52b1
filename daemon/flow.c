// SPDX-License-Identifier: MIT
#include "flow.h"

#include "clock.h"

void qrngd_flow_init(struct qrngd_flow *flow, const struct qrngd_call *call)
{
	uint64_t total = (uint64_t)call->values[QRNGD_FLOW_TOTAL].integer;

	*flow = (struct qrngd_flow){
		.portion = (size_t)call->values[QRNGD_FLOW_PORTION].integer,
		.left = total ? total : UINT64_MAX,
		.rate = (uint64_t)call->values[QRNGD_FLOW_RATE].integer,
		.per_ms = 1000,
		.begun_ms = qrngd_now_ms(),
	};
	qrngd_flow_limit(flow, call, flow->portion);
}

/* What may never end can't be charged at its end. */
void qrngd_flow_limit(struct qrngd_flow *flow, const struct qrngd_call *call, size_t size)
{
	uint64_t limit = call->worker->setup->options.rate_bytes;
	uint64_t least_ms = limit ? ((uint64_t)size * 1000 + limit - 1) / limit : 0;

	if (flow->rate && flow->portion * flow->per_ms >= least_ms * flow->rate)
		return;
	if (!least_ms)
		return;
	flow->rate = flow->portion;
	flow->per_ms = least_ms;
}

/* By what was sent so far, so that delays do not add up. */
uint64_t qrngd_flow_due(const struct qrngd_flow *flow)
{
	if (!flow->rate)
		return 0;
	return flow->begun_ms + flow->sent / flow->rate * flow->per_ms +
	       flow->sent % flow->rate * flow->per_ms / flow->rate;
}

size_t qrngd_flow_take(struct qrngd_flow *flow)
{
	size_t len = flow->left < flow->portion ? (size_t)flow->left : flow->portion;

	flow->left -= len;
	flow->sent += len;
	return len;
}
