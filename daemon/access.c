// SPDX-License-Identifier: MIT
#include "access.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "address.h"
#include "cors.h"
#include "head.h"
#include "problem.h"
#include "server.h"
#include "toll.h"

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

static bool is_admin_socket(const struct qrngd_call *call)
{
	return call->req->hostconf == call->worker->server->admin_host;
}

bool qrngd_access_is_admin(const struct qrngd_call *call)
{
	h2o_iovec_t token;

	if (is_admin_socket(call))
		return true;
	token = token_of(call->req);
	return token.base && qrngd_admin_knows(&call->worker->setup->admin, token.base, token.len);
}

/* Any other name may lead here from a page that somebody visits (DNS rebinding). */
static bool names_this_machine(h2o_iovec_t authority)
{
	const char *colon = memrchr(authority.base, ':', authority.len);
	char host[sizeof("255.255.255.255")] = "";
	size_t len = authority.len;
	struct in_addr address;

	if (colon && !memchr(colon, ']', authority.len - (size_t)(colon - authority.base)))
		len = (size_t)(colon - authority.base);
	if (len >= sizeof(host))
		return false;
	memcpy(host, authority.base, len);
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (inet_pton(AF_INET, host, &address) == 1 &&
		ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET);
}

/* What a proxy, or a page that somebody visits, asks for is not what a program here wants. */
static bool is_forwarded(const h2o_req_t *req)
{
	return qrngd_head_field(req, "x-forwarded-for").base ||
	       qrngd_head_field(req, "forwarded").base || qrngd_head_field(req, "via").base;
}

static bool is_local(const struct qrngd_call *call)
{
	h2o_req_t *req = call->req;
	struct sockaddr_storage peer;

	if (call->worker->setup->options.lokey_trust != QRNGD_LOKEY_TRUST_LOOPBACK ||
	    req->conn->callbacks->get_peername(req->conn, (struct sockaddr *)&peer) == 0)
		return false;
	return qrngd_address_is_loopback(&peer) && names_this_machine(req->input.authority) &&
	       qrngd_cors_is_no_stranger(call) && !is_forwarded(req);
}

bool qrngd_access_may_administer(const struct qrngd_call *call)
{
	return qrngd_access_is_admin(call) || (call->route->local && is_local(call));
}

/* RFC 6750, 3: with the word for a token that will not do, if there was one. */
static void ask_for_token(struct qrngd_call *call, bool wrong, const char *detail)
{
	static const char bare[] = "Bearer realm=\"qrngd\"";
	static const char invalid[] = "Bearer realm=\"qrngd\", error=\"invalid_token\"";

	h2o_add_header(&call->req->pool, &call->req->res.headers, H2O_TOKEN_WWW_AUTHENTICATE, NULL,
		       wrong ? invalid : bare, (wrong ? sizeof(invalid) : sizeof(bare)) - 1);
	qrngd_problem_send(call, 401, detail);
}

void qrngd_access_refuse(struct qrngd_call *call)
{
	if (!call->worker->setup->admin.known) {
		qrngd_problem_send(call, 403,
				   "this is for the admin socket only: there is no admin-token");
		return;
	}
	ask_for_token(call, token_of(call->req).base,
		      "this is for the admin socket, or for who brings the admin-token: "
		      "Authorization: Bearer TOKEN");
}

static bool has_authorization(const struct qrngd_call *call)
{
	return h2o_find_header(&call->req->headers, H2O_TOKEN_AUTHORIZATION, -1) >= 0;
}

/* Who brings something means to use it, so that it is not let in as nobody. */
static const struct qrngd_key *find_key(struct qrngd_call *call)
{
	const struct qrngd_keys *keys = &call->worker->setup->keys;
	h2o_iovec_t token = token_of(call->req);

	if (token.base)
		return qrngd_keys_find(keys, token.base, token.len);
	return keys->open && !has_authorization(call) ? &keys->nobody : NULL;
}

bool qrngd_access_identify(struct qrngd_call *call, const struct qrngd_key **key)
{
	*key = NULL;
	if (!call->worker->setup->keys.asked_for || is_admin_socket(call))
		return true;
	*key = find_key(call);
	if (!*key && qrngd_access_is_admin(call))
		return true;
	if (*key && (!(*key)->until_s || time(NULL) < (*key)->until_s)) {
		call->payer = (*key)->payer;
		return true;
	}
	if (*key)
		ask_for_token(call, true, "this key has expired");
	else if (has_authorization(call))
		ask_for_token(call, true, "this is no key that is known here");
	else
		ask_for_token(call, false, "a key is needed: Authorization: Bearer KEY");
	return false;
}

bool qrngd_access_admit(struct qrngd_call *call)
{
	const struct qrngd_key *key;

	return qrngd_access_identify(call, &key) && qrngd_toll_request(call);
}
