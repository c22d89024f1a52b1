// SPDX-License-Identifier: MIT
#include "router.h"

#include <stdio.h>
#include <string.h>

#include "access.h"
#include "access_log.h"
#include "answer.h"
#include "api/api.h"
#include "clock.h"
#include "cors.h"
#include "head.h"
#include "limiter.h"
#include "metrics.h"
#include "problem.h"
#include "refusal.h"
#include "statement.h"

/* Those that are asked for most come first. */
static const struct qrngd_route *const tables[] = {
	qrngd_routes_random,
	qrngd_routes_integers,
	qrngd_routes_reals,
	qrngd_routes_strings,
	qrngd_routes_games,
	qrngd_routes_images,
	qrngd_routes_plots,
	qrngd_routes_qr,
	qrngd_routes_sound,
	qrngd_routes_stream,
	qrngd_routes_keys,
	qrngd_routes_status,
	qrngd_routes_health,
	qrngd_routes_entropy_data,
	qrngd_routes_entropy_meta,
	qrngd_routes_entropy_sockets,
	qrngd_routes_events,
	qrngd_routes_quota,
	qrngd_routes_config,
	qrngd_routes_describe,
};

/* The tables laid end to end, by the first of all calls and before there are threads. */
static struct qrngd_route routes[QRNGD_ROUTES_MAX];
static size_t route_count;

static void add_route(const struct qrngd_route *written)
{
	static const struct qrngd_param extra[] = { QRNGD_PARAM_SIGNED, QRNGD_PARAM_CHALLENGE };
	struct qrngd_route *route = &routes[route_count++];

	*route = *written;
	if (!route->signable)
		return;
	while (route->params[route->signed_at].name)
		route->signed_at++;
	memcpy(&route->params[route->signed_at], extra, sizeof(extra));
}

static void lay_out_tables(void)
{
	const struct qrngd_route *route;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (route = tables[i]; route->path && route_count < QRNGD_ROUTES_MAX; route++)
			add_route(route);
}

bool qrngd_router_again(size_t index)
{
	return index && index < route_count &&
	       strcmp(routes[index].path, routes[index - 1].path) == 0;
}

void qrngd_router_methods(const struct qrngd_route *route, char *text, size_t size)
{
	size_t index = (size_t)(route - routes), len = 0;

	do {
		const char *method = routes[index].method ? routes[index].method : "GET, HEAD";

		len += (size_t)snprintf(text + len, size - len, "%s%s", len ? ", " : "", method);
	} while (qrngd_router_again(++index) && len < size);
}

const struct qrngd_route *qrngd_router_at(size_t index)
{
	return index < route_count ? &routes[index] : NULL;
}

/* Return: the index of the route, or of none behind the last. */
static size_t find_route(h2o_iovec_t path)
{
	size_t i;

	for (i = 0; i < route_count; i++)
		if (h2o_memis(path.base, path.len, routes[i].path, strlen(routes[i].path)))
			break;
	return i;
}

static bool has_method(const h2o_req_t *req, const char *method)
{
	return h2o_memis(req->method.base, req->method.len, method, strlen(method));
}

static bool fits_method(const h2o_req_t *req, const struct qrngd_route *route)
{
	if (route->method)
		return has_method(req, route->method);
	return has_method(req, "GET") || has_method(req, "HEAD");
}

/* Return: the route of the path at @index for this method, or NULL. */
static const struct qrngd_route *find_method(const h2o_req_t *req, size_t index)
{
	do {
		if (fits_method(req, &routes[index]))
			return &routes[index];
	} while (qrngd_router_again(++index));
	return NULL;
}

static int parse_query(const struct qrngd_route *route, struct qrngd_call *call)
{
	h2o_req_t *req = call->req;
	struct qrngd_query_error error;
	const char *query = NULL;
	char *decoded = NULL;
	size_t len = 0;

	if (req->query_at != SIZE_MAX) {
		query = req->path.base + req->query_at + 1;
		len = req->path.len - req->query_at - 1;
		decoded = qrngd_pool_alloc(&req->pool, len + 1);
	}
	if (qrngd_query_parse(route->params, query, len, decoded, call->values, &error) == 0)
		return 0;
	qrngd_problem_query(call, route->params, &error);
	return -1;
}

/*
 * A body has no meaning here, and where it ends is what smuggling is about: nothing
 * that follows it on the connection is believed.
 */
static bool has_body(h2o_req_t *req)
{
	if (!req->entity.base)
		return false;
	req->http1_is_persistent = 0;
	return req->entity.len > 0;
}

/* Where its sender thinks that it ends is not known. */
static void refuse_head(struct qrngd_call *call, int status, const char *fault)
{
	call->req->http1_is_persistent = 0;
	qrngd_problem_send(call, status, fault);
}

/* The method is one that the path knows. */
static void serve(struct qrngd_call *call, bool body)
{
	const struct qrngd_route *route = call->route;

	if (route->admin && !qrngd_access_is_admin(call)) {
		qrngd_access_refuse(call);
		return;
	}
	if (!route->admin && !route->open && !qrngd_access_admit(call))
		return;
	if (body && !route->body)
		qrngd_problem_send(call, 400, "a request body is not accepted here");
	else if (parse_query(route, call) == 0 && qrngd_statement_consistent(call))
		route->handle(call);
}

static void dispatch(h2o_req_t *req)
{
	struct qrngd_call call = { .req = req, .worker = qrngd_worker_of(req) };
	const struct qrngd_route *route;
	uint64_t now_ns = qrngd_now_ns();
	bool body = has_body(req);
	const char *fault;
	size_t index;
	int status;

	qrngd_answer_reserve(req);
	qrngd_head_strip(req);
	index = find_route(req->path_normalized);
	route = qrngd_router_at(index);
	qrngd_metrics_begin(&call, route ? index : QRNGD_ROUTES_MAX, now_ns);
	call.route = route;
	call.head = has_method(req, "HEAD");
	call.ready = qrngd_supply_ready_at(&call.worker->supply, now_ns / 1000000);
	fault = qrngd_head_fault(req, &status);
	if (fault) {
		refuse_head(&call, status, fault);
		return;
	}
	if (!qrngd_limiter_admit(&call))
		return;
	if (!route) {
		qrngd_problem_send(&call, 404, "there is nothing at this path");
		return;
	}
	call.route = find_method(req, index);
	if (call.route) {
		serve(&call, body);
		return;
	}
	call.route = route;
	if (!qrngd_cors_preflight(&call))
		qrngd_problem_method(&call);
}

/** struct deferred - an HTTP/2 request that waits for the end of the read batch */
struct deferred {
	qrngd_deferral deferral;
	h2o_req_t *req;
};

static void on_deferred(qrngd_deferral *deferral)
{
	dispatch(H2O_STRUCT_FROM_MEMBER(struct deferred, deferral, deferral)->req);
}

static void dispose_deferred(void *data)
{
	struct deferred *deferred = data;

	qrngd_deferral_cancel(&deferred->deferral);
}

/*
 * An HTTP/2 peer can reset a request in the same packet that makes it, thousands of
 * times a second. Such a request is disposed of before its turn comes, so that it
 * costs no random bytes.
 */
static void defer(h2o_req_t *req)
{
	struct deferred *deferred =
		h2o_mem_alloc_shared(&req->pool, sizeof(*deferred), dispose_deferred);

	deferred->req = req;
	qrngd_defer(req->conn->ctx, &deferred->deferral, on_deferred);
}

static int on_request(h2o_handler_t *self, h2o_req_t *req)
{
	(void)self;
	if (req->version >= 0x200)
		defer(req);
	else
		dispatch(req);
	return 0;
}

void qrngd_router_register(h2o_hostconf_t *host)
{
	h2o_pathconf_t *everything;

	if (!route_count)
		lay_out_tables();
	everything = h2o_config_register_path(host, "/", 0);

	h2o_create_handler(everything, sizeof(h2o_handler_t))->on_req = on_request;
	qrngd_refusal_register(host);
	qrngd_access_log_register(everything);
	qrngd_access_log_register(&host->fallback_path);
}
