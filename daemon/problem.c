// SPDX-License-Identifier: MIT
#include "problem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "json.h"

#define PROBLEM_TYPE "application/problem+json"

/* As LoKey's services have it. */
#define ERROR_TYPE "application/json; charset=utf-8"

/* What a client sent is shown back to it, but no more of it than this. */
#define SHOWN_MAX   64
#define PROBLEM_MAX 2048

/* The methods of a path. */
#define METHODS_MAX 48

static const char *title_of(int status)
{
	switch (status) {
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 409:
		return "Conflict";
	case 413:
		return "Content Too Large";
	case 414:
		return "URI Too Long";
	case 429:
		return "Too Many Requests";
	case 417:
		return "Expectation Failed";
	case 426:
		return "Upgrade Required";
	case 431:
		return "Request Header Fields Too Large";
	default:
		return "Service Unavailable";
	}
}

static struct qrngd_json begin(struct qrngd_call *call, int status, const char *detail)
{
	struct qrngd_json json = { .size = PROBLEM_MAX };

	json.text = qrngd_pool_alloc(&call->req->pool, PROBLEM_MAX);
	qrngd_json_open(&json, NULL, '{');
	if (qrngd_call_is_lokey(call)) {
		qrngd_json_word(&json, "error", detail);
		return json;
	}
	qrngd_json_word(&json, "type", "about:blank");
	qrngd_json_word(&json, "title", title_of(status));
	qrngd_json_number(&json, "status", (uint64_t)status);
	qrngd_json_word(&json, "detail", detail);
	return json;
}

static void close_document(struct qrngd_call *call, int status, struct qrngd_json *json)
{
	qrngd_json_close(json, '}');
	call->req->res.status = status;
	call->req->res.reason = title_of(status);
}

static const char *type_of(const struct qrngd_call *call)
{
	return qrngd_call_is_lokey(call) ? ERROR_TYPE : PROBLEM_TYPE;
}

static void finish(struct qrngd_call *call, int status, struct qrngd_json *json)
{
	close_document(call, status, json);
	qrngd_answer_json(call, type_of(call), json);
}

void qrngd_problem_send(struct qrngd_call *call, int status, const char *detail)
{
	struct qrngd_json json = begin(call, status, detail);

	finish(call, status, &json);
}

h2o_iovec_t qrngd_problem_dress(struct qrngd_call *call, int status, const char *detail)
{
	struct qrngd_json json = begin(call, status, detail);

	close_document(call, status, &json);
	call->req->res.headers.size = 0;
	qrngd_answer_begin(call, type_of(call), json.len);
	return h2o_iovec_init(json.text, json.len);
}

static size_t shown(size_t len)
{
	return len < SHOWN_MAX ? len : SHOWN_MAX;
}

static void list_names(const struct qrngd_param *params, char *text, size_t size)
{
	size_t len = 0;
	int i;

	snprintf(text, size, "no parameters");
	for (i = 0; i < QRNGD_PARAMS_MAX && params[i].name && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, "%s%s", i ? ", " : "",
					params[i].name);
}

/* LoKey's services have words of their own for a number that won't do. */
static void write_reason(const struct qrngd_call *call, const struct qrngd_query_error *error,
			 char *text, size_t size)
{
	const struct qrngd_param *param = error->param;

	if (qrngd_call_is_lokey(call) && param && param->type == QRNGD_INTEGER)
		snprintf(text, size, "Invalid %s parameter (%" PRId64 "-%" PRId64 ")", param->name,
			 (int64_t)param->integer.min, (int64_t)param->integer.max);
	else
		snprintf(text, size, "the query parameter %s", error->reason);
}

void qrngd_problem_query(struct qrngd_call *call, const struct qrngd_param *params,
			 const struct qrngd_query_error *error)
{
	const struct qrngd_param *param = error->param;
	char text[512];
	struct qrngd_json json;

	write_reason(call, error, text, sizeof(text));
	json = begin(call, 400, text);
	qrngd_json_string(&json, "parameter", error->name, shown(error->name_len));
	if (error->value)
		qrngd_json_string(&json, "value", error->value, shown(error->value_len));
	if (param)
		qrngd_param_allowed(param, text, sizeof(text));
	else
		list_names(params, text, sizeof(text));
	qrngd_json_word(&json, "allowed", text);
	finish(call, 400, &json);
}

void qrngd_problem_value(struct qrngd_call *call, const char *name, const char *reason,
			 const char *allowed)
{
	struct qrngd_json json;
	char text[160];

	snprintf(text, sizeof(text), "the query parameter %s", reason);
	json = begin(call, 400, text);
	qrngd_json_word(&json, "parameter", name);
	qrngd_json_word(&json, "allowed", allowed);
	finish(call, 400, &json);
}

void qrngd_problem_method(struct qrngd_call *call)
{
	char *text = qrngd_pool_alloc(&call->req->pool, METHODS_MAX), detail[96];

	qrngd_router_methods(call->route, text, METHODS_MAX);
	h2o_add_header(&call->req->pool, &call->req->res.headers, H2O_TOKEN_ALLOW, NULL, text,
		       strlen(text));
	snprintf(detail, sizeof(detail), "this path knows %s only", text);
	qrngd_problem_send(call, 405, detail);
}

void qrngd_problem_later(struct qrngd_call *call, uint64_t seconds, const char *detail)
{
	qrngd_answer_retry_after(call, seconds);
	qrngd_problem_send(call, 429, detail);
}

/* RFC 9110 wants "Upgrade" to be named in "Connection"; the library writes that one itself. */
void qrngd_problem_upgrade(struct qrngd_call *call)
{
	h2o_add_header(&call->req->pool, &call->req->res.headers, H2O_TOKEN_UPGRADE, NULL,
		       H2O_STRLIT("websocket"));
	qrngd_problem_send(call, 426, "this path has WebSockets only (RFC 6455, HTTP/1.1)");
}

void qrngd_problem_unavailable(struct qrngd_call *call)
{
	qrngd_answer_retry_after(call, 1);
	qrngd_problem_send(call, 503, call->worker->supply.status.detail);
}
