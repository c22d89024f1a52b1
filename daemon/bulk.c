// SPDX-License-Identifier: MIT
#include "bulk.h"

#include "answer.h"
#include "problem.h"

/* Of one thread: with eight megabytes for the largest they fit into what it is reckoned with. */
#define PENDING_MAX 3

static _Thread_local unsigned int pending;

static void end(void *unused)
{
	(void)unused;
	pending--;
}

bool qrngd_bulk_begin(struct qrngd_call *call)
{
	if (pending == PENDING_MAX) {
		qrngd_answer_retry_after(call, 1);
		qrngd_problem_send(call, 503, "too many large pictures are on their way already");
		return false;
	}
	pending++;
	h2o_mem_alloc_shared(&call->req->pool, 1, end);
	return true;
}
