// SPDX-License-Identifier: MIT
#include "router.h"

#include <stdio.h>
#include <string.h>

#include "access.h"
#include "access_log.h"
#include "alt_svc.h"
#include "answer.h"
#include "clock.h"
#include "cors.h"
#include "head.h"
#include "limiter.h"
#include "metrics.h"
#include "problem.h"
#include "refusal.h"
#include "server.h"
#include "statement.h"
#include "steady.h"

/* Most paths with a prefix have fewer characters. */
#define PATH_USUAL 32

/* The tables of all interfaces laid end to end, and the lengths of their paths. */
static struct qrngd_route routes[QRNGD_ROUTES_MAX];
static size_t path_lens[QRNGD_ROUTES_MAX];
static size_t route_count;

/* Paths with the prefix of their interface, one behind the other. */
static char paths[QRNGD_ROUTES_MAX * PATH_USUAL];
static size_t paths_len;

static const char *add_path(enum qrngd_face face, const char *path)
{
	const char *prefix = qrngd_face_prefix(face);
	char *text = paths + paths_len;

	if (!*prefix)
		return path;
	paths_len += (size_t)snprintf(text, sizeof(paths) - paths_len, "%s%s", prefix, path) + 1;
	return text;
}

static void add_route(enum qrngd_face face, const struct qrngd_route *written)
{
	static const struct qrngd_param extra[] = { QRNGD_PARAM_SIGNED, QRNGD_PARAM_CHALLENGE };
	struct qrngd_route *route = &routes[route_count];

	*route = *written;
	route->face = face;
	route->path = add_path(face, written->path);
	path_lens[route_count++] = strlen(route->path);
	if (!route->signable)
		return;
	while (route->params[route->signed_at].name)
		route->signed_at++;
	memcpy(&route->params[route->signed_at], extra, sizeof(extra));
}

static void add_face(enum qrngd_face face)
{
	const struct qrngd_route *const *table;
	const struct qrngd_route *route;

	for (table = qrngd_face_tables(face); *table; table++)
		for (route = *table; route->path && route_count < QRNGD_ROUTES_MAX; route++)
			add_route(face, route);
}

void qrngd_router_init(bool lokey)
{
	enum qrngd_face face, end = lokey ? QRNGD_FACES : QRNGD_FACE_OWN + 1;

	for (face = QRNGD_FACE_OWN; face < end; face++)
		add_face(face);
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

/* Where ours is, all are; elsewhere there is no prefix, and none but the one. */
const char *qrngd_router_path(const struct qrngd_route *route, enum qrngd_face face)
{
	if (face == QRNGD_FACE_OWN)
		return route->path;
	if (route->face != face && route->shared != face)
		return NULL;
	return route->path + strlen(qrngd_face_prefix(route->face));
}

/* Of most routes nothing but their lengths is looked at, which lie together. */
static bool is_at(size_t index, h2o_iovec_t asked, enum qrngd_face face)
{
	const char *path;
	size_t len;

	if (face == QRNGD_FACE_OWN && asked.len != path_lens[index])
		return false;
	path = qrngd_router_path(&routes[index], face);
	if (!path)
		return false;
	len = path_lens[index] - (size_t)(path - routes[index].path);
	return h2o_memis(asked.base, asked.len, path, len);
}

/* Return: the index of the route, or of none behind the last. */
static size_t find_route(h2o_iovec_t asked, enum qrngd_face face)
{
	size_t i;

	for (i = 0; i < route_count; i++)
		if (is_at(i, asked, face))
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
 * Where a body ends is what smuggling is about: nothing that follows it on the connection
 * is believed, unless its route is for bodies and its length was told beforehand.
 */
static bool has_body(h2o_req_t *req, const struct qrngd_route *route)
{
	if (!req->entity.base)
		return false;
	if (!route || route->face == QRNGD_FACE_OWN || !qrngd_h2o_body_is_counted(req))
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

	if (route->admin && !qrngd_access_may_administer(call)) {
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

static void dispatch(h2o_req_t *req, enum qrngd_face face)
{
	struct qrngd_call call = { .req = req, .worker = qrngd_worker_of(req), .face = face };
	const struct qrngd_route *route;
	uint64_t now_ns = qrngd_now_ns();
	const char *fault;
	bool body;
	size_t index;
	int status;

	qrngd_answer_reserve(req);
	if (call.worker->server->options->http3)
		qrngd_alt_svc_add(req);
	qrngd_steady_date(req);
	qrngd_head_strip(req);
	index = find_route(req->path_normalized, face);
	route = qrngd_router_at(index);
	body = has_body(req, route);
	qrngd_metrics_begin(&call, route ? index : QRNGD_ROUTES_MAX, now_ns);
	call.now_ms = now_ns / 1000000;
	call.route = route;
	call.head = has_method(req, "HEAD");
	call.ready = qrngd_supply_ready_at(&call.worker->supply, call.now_ms);
	fault = qrngd_head_fault(req, &status);
	if (fault) {
		refuse_head(&call, status, fault);
		return;
	}
	if (!qrngd_limiter_admit(&call))
		return;
	if (!route) {
		if (!qrngd_cors_preflight(&call))
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
	enum qrngd_face face;
};

/** struct entrance - what the library calls for the requests of a host */
struct entrance {
	h2o_handler_t handler;
	enum qrngd_face face;
};

static void on_deferred(qrngd_deferral *deferral)
{
	struct deferred *deferred = H2O_STRUCT_FROM_MEMBER(struct deferred, deferral, deferral);

	dispatch(deferred->req, deferred->face);
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
static void defer(h2o_req_t *req, enum qrngd_face face)
{
	struct deferred *deferred =
		h2o_mem_alloc_shared(&req->pool, sizeof(*deferred), dispose_deferred);

	deferred->req = req;
	deferred->face = face;
	qrngd_defer(req->conn->ctx, &deferred->deferral, on_deferred);
}

static int on_request(h2o_handler_t *self, h2o_req_t *req)
{
	enum qrngd_face face = H2O_STRUCT_FROM_MEMBER(struct entrance, handler, self)->face;

	if (req->version >= 0x200)
		defer(req, face);
	else
		dispatch(req, face);
	return 0;
}

void qrngd_router_register(h2o_hostconf_t *host, enum qrngd_face face)
{
	h2o_pathconf_t *everything = h2o_config_register_path(host, "/", 0);
	h2o_handler_t *handler = h2o_create_handler(everything, sizeof(struct entrance));

	H2O_STRUCT_FROM_MEMBER(struct entrance, handler, handler)->face = face;
	handler->on_req = on_request;
	qrngd_refusal_register(host, face);
	qrngd_access_log_register(everything);
	qrngd_access_log_register(&host->fallback_path);
}
