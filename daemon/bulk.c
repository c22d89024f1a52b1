// SPDX-License-Identifier: MIT
#include "bulk.h"

#include "answer.h"
#include "problem.h"

/* Bytes of one thread: with what the largest take while they are made, what it is reckoned with. */
#define PENDING_MAX (3 * QRNGD_BULK_PICTURE)

static _Thread_local size_t pending;

static void end(void *data)
{
	const size_t *size = data;

	pending -= *size;
}

bool qrngd_bulk_begin(struct qrngd_call *call, size_t size)
{
	size_t *share;

	if (size <= QRNGD_BULK_MIN)
		return true;
	if (size > PENDING_MAX - pending) {
		qrngd_answer_retry_after(call, 1);
		qrngd_problem_send(call, 503, "too many large answers are on their way already");
		return false;
	}
	share = h2o_mem_alloc_shared(&call->req->pool, sizeof(*share), end);
	*share = size;
	pending += size;
	return true;
}
