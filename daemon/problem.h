/* SPDX-License-Identifier: MIT */
/* Answers that say what went wrong: RFC 9457, application/problem+json. */
#ifndef QRNGD_PROBLEM_H
#define QRNGD_PROBLEM_H

#include "query.h"
#include "router.h"

/**
 * qrngd_problem_send() - answer with a problem
 * @call: the request; this is its answer
 * @status: 4xx or 5xx
 * @detail: what went wrong this time, a clause for people
 */
void qrngd_problem_send(struct qrngd_call *call, int status, const char *detail);

/**
 * qrngd_problem_dress() - make a problem of an answer that is about to be sent
 * @call: the request, whose headers are replaced
 * @status: of the answer
 * @detail: as for qrngd_problem_send()
 *
 * Return: the body, in the request's pool.
 */
h2o_iovec_t qrngd_problem_dress(struct qrngd_call *call, int status, const char *detail);

/**
 * qrngd_problem_query() - 400 for a query
 * @call: the request; this is its answer
 * @params: what the route knows
 * @error: from qrngd_query_parse()
 */
void qrngd_problem_query(struct qrngd_call *call, const struct qrngd_param *params,
			 const struct qrngd_query_error *error);

/**
 * qrngd_problem_value() - 400 for a value that does not go with the others
 * @call: the request; this is its answer
 * @name: of the parameter
 * @reason: a clause that goes on after "the query parameter", e.g. "is below min"
 * @allowed: what would do
 */
void qrngd_problem_value(struct qrngd_call *call, const char *name, const char *reason,
			 const char *allowed);

/**
 * qrngd_problem_method() - 405 with the methods that would do
 * @call: the request; this is its answer
 */
void qrngd_problem_method(struct qrngd_call *call);

/**
 * qrngd_problem_later() - 429 because a quota is used up
 * @call: the request; this is its answer
 * @seconds: when to ask again
 * @detail: which quota, a clause for people
 */
void qrngd_problem_later(struct qrngd_call *call, uint64_t seconds, const char *detail);

/**
 * qrngd_problem_upgrade() - 426 because there are only WebSockets here
 * @call: the request; this is its answer
 */
void qrngd_problem_upgrade(struct qrngd_call *call);

/**
 * qrngd_problem_unavailable() - 503 because the engine has nothing to give now
 * @call: the request; this is its answer
 */
void qrngd_problem_unavailable(struct qrngd_call *call);

#endif /* QRNGD_PROBLEM_H */
