// SPDX-License-Identifier: MIT
#include "access.h"

#include <strings.h>

#include "problem.h"
#include "server.h"

#define SCHEME "Bearer "

/* Return: what follows the scheme in the only header of its kind, or nothing. */
static h2o_iovec_t token_of(const h2o_req_t *req)
{
	const size_t scheme = sizeof(SCHEME) - 1;
	h2o_iovec_t token = { NULL, 0 };
	size_t i;

	for (i = 0; i < req->headers.size; i++) {
		const h2o_header_t *header = &req->headers.entries[i];

		if (header->name != &H2O_TOKEN_AUTHORIZATION->buf)
			continue;
		if (token.base || header->value.len <= scheme ||
		    strncasecmp(header->value.base, SCHEME, scheme) != 0)
			return h2o_iovec_init(NULL, 0);
		token = h2o_iovec_init(header->value.base + scheme, header->value.len - scheme);
	}
	return token;
}

bool qrngd_access_is_admin(const struct qrngd_call *call)
{
	h2o_iovec_t token;

	if (call->req->hostconf == call->worker->server->admin_host)
		return true;
	token = token_of(call->req);
	return token.base &&
	       qrngd_admin_knows(&call->worker->setup->admin, token.base, token.len);
}

void qrngd_access_refuse(struct qrngd_call *call)
{
	if (!call->worker->setup->admin.known) {
		qrngd_problem_send(call, 403,
				   "this is for the admin socket only: there is no admin-token");
		return;
	}
	h2o_add_header_by_str(&call->req->pool, &call->req->res.headers,
			      H2O_STRLIT("www-authenticate"), 0, NULL,
			      H2O_STRLIT("Bearer realm=\"qrngd\""));
	qrngd_problem_send(call, 401,
			   "this is for the admin socket, or for who brings the admin-token: "
			   "Authorization: Bearer TOKEN");
}
