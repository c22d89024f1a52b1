// SPDX-License-Identifier: MIT
/* What there is to be had here, for programs and for people. */
#include "api.h"

#include "answer.h"
#include "openapi.h"
#include "page.h"

/* Far more than the table needs; given back with the request. */
#define OPENAPI_MAX (256 * 1024)

/* All there is on the page is its own; the script asks nobody but this daemon. */
#define POLICY                                                                                     \
	"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "              \
	"connect-src 'self'; img-src blob: data:; media-src blob:"

static struct qrngd_header policy_header =
	QRNGD_HEADER("content-security-policy", "Content-Security-Policy");

void qrngd_describe_openapi(struct qrngd_call *call)
{
	struct qrngd_json json = { .size = OPENAPI_MAX };

	json.text = h2o_mem_alloc_shared(&call->req->pool, OPENAPI_MAX, NULL);
	qrngd_openapi_write(&json, call->face);
	qrngd_answer_json(call, "application/json", &json);
}

void qrngd_describe_page(struct qrngd_call *call)
{
	size_t len;
	char *text = qrngd_page_write(&len, call->face);

	if (text)
		qrngd_answer_header(call, &policy_header, H2O_STRLIT(POLICY));
	qrngd_answer_text(call, "text/html; charset=utf-8", text, len);
}

const struct qrngd_route qrngd_routes_describe[] = {
	{
		.path = "/openapi.json",
		.shared = QRNGD_FACE_LOKEY_API,
		.open = true,
		.group = "Description",
		.summary = "This API, as an OpenAPI 3.1 document.",
		.type = "application/json",
		.handle = qrngd_describe_openapi,
	},
	{
		.path = "/",
		.open = true,
		.group = "Description",
		.summary = "This API, as a page for people.",
		.type = "text/html",
		.handle = qrngd_describe_page,
	},
	{ 0 },
};
