// SPDX-License-Identifier: MIT
#include "cors.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "head.h"

/* Seconds that a browser may remember the answer to a preflight. */
#define MAX_AGE "600"

static struct qrngd_header origin_header =
	QRNGD_HEADER("access-control-allow-origin", "Access-Control-Allow-Origin");
static struct qrngd_header expose_header =
	QRNGD_HEADER("access-control-expose-headers", "Access-Control-Expose-Headers");
static struct qrngd_header methods_header =
	QRNGD_HEADER("access-control-allow-methods", "Access-Control-Allow-Methods");
static struct qrngd_header headers_header =
	QRNGD_HEADER("access-control-allow-headers", "Access-Control-Allow-Headers");
static struct qrngd_header age_header =
	QRNGD_HEADER("access-control-max-age", "Access-Control-Max-Age");
static struct qrngd_header vary_header = QRNGD_HEADER("vary", "Vary");

/* Return: what follows "http://" or "https://", or NULL. */
static const char *after_scheme(const char *text)
{
	if (strncmp(text, "http://", 7) == 0)
		return text + 7;
	return strncmp(text, "https://", 8) == 0 ? text + 8 : NULL;
}

const char *qrngd_cors_check(const char *text)
{
	static const char needed[] = "*, or an origin like https://example.org:8443 in lower case "
				     "and without a path, is needed";
	const char *host = after_scheme(text);

	if (strcmp(text, "*") == 0)
		return NULL;
	if (!host || !*host)
		return needed;
	for (; *host; host++)
		if (!islower((unsigned char)*host) && !isdigit((unsigned char)*host) &&
		    !strchr(".-:[]_", *host))
			return needed;
	return NULL;
}

/* LoKey's API is for all pages, as far as anything here is for pages. */
static bool is_lokey_api(const struct qrngd_call *call)
{
	return (call->route ? call->route->face : call->face) == QRNGD_FACE_LOKEY_API;
}

/* Return: what the answer may name as its readers, or NULL. */
static const char *readers(const struct qrngd_call *call)
{
	const struct qrngd_texts *allowed = &call->worker->setup->options.cors_origin;
	h2o_iovec_t origin;
	unsigned int i;

	if (is_lokey_api(call))
		return "*";
	origin = qrngd_head_field(call->req, "origin");
	for (i = 0; origin.len && i < allowed->count; i++) {
		const char *one = allowed->items[i];

		if (strcmp(one, "*") == 0 || h2o_memis(origin.base, origin.len, one, strlen(one)))
			return one;
	}
	return NULL;
}

/* @text: of static storage, or in the request's pool */
static void add(struct qrngd_call *call, struct qrngd_header *header, const char *text)
{
	qrngd_answer_header(call, header, text, strlen(text));
}

/* What belongs to the settings may be gone before the answer is. */
static const char *keep(struct qrngd_call *call, const char *text)
{
	return h2o_strdup(&call->req->pool, text, SIZE_MAX).base;
}

/* Settings are for no page at all, whoever brings it a token. */
static bool is_for_pages(const struct qrngd_call *call)
{
	return (call->worker->setup->options.cors_origin.count || is_lokey_api(call)) &&
	       !(call->route && call->route->admin);
}

void qrngd_cors_add(struct qrngd_call *call)
{
	const char *origin;

	if (!is_for_pages(call))
		return;
	origin = readers(call);
	/* Who answers from a store has to know that the next page may get another answer. */
	if (!origin || strcmp(origin, "*") != 0)
		add(call, &vary_header, "Origin");
	if (!origin)
		return;
	add(call, &origin_header, keep(call, origin));
	add(call, &expose_header, "*");
}

/* LoKey's API says yes to whatever is asked, and leaves it to the request itself. */
static bool lokey_preflight(struct qrngd_call *call)
{
	call->req->res.status = 204;
	call->req->res.reason = "No Content";
	qrngd_cors_add(call);
	add(call, &methods_header, "GET, POST, PUT, DELETE, OPTIONS");
	add(call, &headers_header, "Content-Type, Authorization, Accept");
	qrngd_answer_whole(call, NULL, 0);
	return true;
}

bool qrngd_cors_preflight(struct qrngd_call *call)
{
	h2o_req_t *req = call->req;
	char methods[48];

	if (!h2o_memis(req->method.base, req->method.len, H2O_STRLIT("OPTIONS")))
		return false;
	if (is_lokey_api(call))
		return lokey_preflight(call);
	if (!call->route || !qrngd_head_field(call->req, "access-control-request-method").len ||
	    !is_for_pages(call) || !readers(call))
		return false;
	qrngd_router_methods(call->route, methods, sizeof(methods));
	req->res.status = 204;
	req->res.reason = "No Content";
	qrngd_cors_add(call);
	add(call, &methods_header, keep(call, methods));
	add(call, &headers_header, "Authorization, Content-Type, Last-Event-ID");
	add(call, &age_header, MAX_AGE);
	qrngd_answer_whole(call, NULL, 0);
	return true;
}

/* Hosts are without regard to case; browsers leave the usual port out of both. */
static bool is_same_origin(const struct qrngd_call *call, h2o_iovec_t origin)
{
	h2o_iovec_t host = call->req->input.authority;
	const char *scheme_end = memmem(origin.base, origin.len, "://", 3);
	size_t len;

	if (!scheme_end)
		return false;
	len = origin.len - (size_t)(scheme_end + 3 - origin.base);
	return len == host.len && strncasecmp(scheme_end + 3, host.base, len) == 0;
}

bool qrngd_cors_is_no_stranger(const struct qrngd_call *call)
{
	h2o_iovec_t origin = qrngd_head_field(call->req, "origin");

	return !origin.len || is_same_origin(call, origin);
}

bool qrngd_cors_admits(const struct qrngd_call *call)
{
	return readers(call) || qrngd_cors_is_no_stranger(call);
}
