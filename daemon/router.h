/* SPDX-License-Identifier: MIT */
/* From a path to its handler: one table. */
#ifndef QRNGD_ROUTER_H
#define QRNGD_ROUTER_H

#include <stdbool.h>
#include <stdint.h>

#include "face.h"
#include "h2o_compat.h"
#include "query.h"
#include "quota.h"
#include "worker.h"

struct qrngd_route;

/**
 * struct qrngd_call - one request on its way to an answer
 * @req: the request
 * @worker: the thread's worker
 * @face: the interface that was asked
 * @now_ms: when it was
 * @route: its route
 * @head: the headers are wanted, not the body
 * @ready: bytes may be drawn
 * @supply: what they are drawn from, NULL: the worker's
 * @raw: the answer is raw noise, which no generator made
 * @payer: who pays for it
 * @values: the route's parameters, in the order of its table
 */
struct qrngd_call {
	h2o_req_t *req;
	struct qrngd_worker *worker;
	enum qrngd_face face;
	uint64_t now_ms;
	const struct qrngd_route *route;
	bool head;
	bool ready;
	const struct qrngd_supply *supply;
	bool raw;
	struct qrngd_payer payer;
	struct qrngd_value values[QRNGD_PARAMS_MAX];
};

/**
 * struct qrngd_route - one path and one way to ask it
 * @path: the path; those of one path stand together. In the complete table with the prefix
 *	of its interface
 * @method: NULL: GET and HEAD
 * @admin: only for who may see and change settings
 * @local: and for programs on this machine
 * @open: for everybody, whatever keys are asked for elsewhere
 * @body: a request has one, of this type; NULL: none is taken
 * @group: the heading it stands under in the documentation
 * @summary: what it gives, a sentence for people
 * @type: the content type of a good answer; with several, what decides is in @summary
 * @socket: it has WebSockets and no other answer, so there is no @type
 * @handle: gives the answer, at once or piece by piece
 * @signable: its answers can be signed: parameters for that are added to those here
 * @signed_at: where they begin in the complete table; 0 in those that are written down
 * @face: the interface that it is of; not in those that are written down
 * @shared: another interface that has this path, too
 * @params: what the query may hold
 *
 * A list of routes ends with no path. The table is all there is: requests are checked
 * against it, and /openapi.json and the documentation are made from it.
 */
struct qrngd_route {
	const char *path;
	const char *method;
	bool admin;
	bool local;
	bool open;
	const char *body;
	const char *group;
	const char *summary;
	const char *type;
	bool socket;
	void (*handle)(struct qrngd_call *call);
	bool signable;
	unsigned int signed_at;
	enum qrngd_face face;
	enum qrngd_face shared;
	struct qrngd_param params[QRNGD_PARAMS_MAX + 1];
};

/* The most paths there can be; what counts requests has a place for each. */
#define QRNGD_ROUTES_MAX 128

/**
 * qrngd_router_at() - walk through all routes
 * @index: from 0 on
 *
 * Return: the route, or NULL behind the last.
 */
const struct qrngd_route *qrngd_router_at(size_t index);

/**
 * qrngd_router_path() - the path of a route as an interface has it
 * @route: from qrngd_router_at()
 * @face: the interface
 *
 * Return: the path, or NULL if it is not there.
 */
const char *qrngd_router_path(const struct qrngd_route *route, enum qrngd_face face);

/**
 * qrngd_router_methods() - name the methods of a path
 * @route: the first of the path
 * @text: filled in, with commas
 * @size: bytes of @text
 */
void qrngd_router_methods(const struct qrngd_route *route, char *text, size_t size);

/** qrngd_router_again() - is this one more of the path before it? */
bool qrngd_router_again(size_t index);

/**
 * qrngd_router_init() - lay the table out; before there are threads
 * @lokey: with the interfaces of LoKey
 */
void qrngd_router_init(bool lokey);

/**
 * qrngd_router_register() - make the library give all requests to the table
 * @host: one of the library's hosts
 * @face: the interface that it has
 */
void qrngd_router_register(h2o_hostconf_t *host, enum qrngd_face face);

/** qrngd_call_supply() - what the bytes of its answer are drawn from */
static inline const struct qrngd_supply *qrngd_call_supply(const struct qrngd_call *call)
{
	return call->supply ? call->supply : &call->worker->supply;
}

/** qrngd_call_is_lokey() - is the answer to be one of LoKey's? */
static inline bool qrngd_call_is_lokey(const struct qrngd_call *call)
{
	return (call->route ? call->route->face : call->face) != QRNGD_FACE_OWN;
}

#endif /* QRNGD_ROUTER_H */
