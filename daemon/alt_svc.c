// SPDX-License-Identifier: MIT
#include "alt_svc.h"

#include <netinet/in.h>
#include <stdio.h>

static in_port_t port_of(const struct sockaddr_storage *address)
{
	if (address->ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)address)->sin_port);
	if (address->ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
	return 0;
}

void qrngd_alt_svc_add(h2o_req_t *req)
{
	static const size_t size = sizeof("h3=\":65535\"; ma=86400");
	struct sockaddr_storage own = { .ss_family = AF_UNSPEC };
	in_port_t port;
	char *text;

	if (req->version >= 0x300 || req->input.scheme != &H2O_URL_SCHEME_HTTPS)
		return;
	req->conn->callbacks->get_sockname(req->conn, (struct sockaddr *)&own);
	port = port_of(&own);
	if (!port)
		return;
	text = qrngd_pool_alloc(&req->pool, size);
	h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("alt-svc"), 0, "Alt-Svc",
			      text, (size_t)snprintf(text, size, "h3=\":%u\"; ma=86400", port));
}
