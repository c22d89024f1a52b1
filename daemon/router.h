/* SPDX-License-Identifier: MIT */
/* From a path to its handler: one table. */
#ifndef QRNGD_ROUTER_H
#define QRNGD_ROUTER_H

#include <stdbool.h>
#include <stdint.h>

#include "h2o_compat.h"
#include "query.h"
#include "worker.h"

/**
 * struct qrngd_call - one request on its way to an answer
 * @req: the request
 * @worker: the thread's worker
 * @head: the headers are wanted, not the body
 * @ready: bytes may be drawn
 * @values: the route's parameters, in the order of its table
 */
struct qrngd_call {
	h2o_req_t *req;
	struct qrngd_worker *worker;
	bool head;
	bool ready;
	uint64_t values[QRNGD_PARAMS_MAX];
};

/**
 * struct qrngd_route - one path; all of them take GET and HEAD
 * @path: the path
 * @handle: gives the answer, at once or by a generator
 * @params: what the query may hold
 */
struct qrngd_route {
	const char *path;
	void (*handle)(struct qrngd_call *call);
	struct qrngd_param params[QRNGD_PARAMS_MAX + 1];
};

/**
 * qrngd_router_register() - make the library give all requests to the table
 * @host: the library's only host
 */
void qrngd_router_register(h2o_hostconf_t *host);

#endif /* QRNGD_ROUTER_H */
