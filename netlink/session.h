/* SPDX-License-Identifier: MIT */
/*
 * A talk with the kernel's generic-netlink family "qrng": one request at a time,
 * each answered within a time limit.
 */
#ifndef _QRNG_NETLINK_SESSION_H
#define _QRNG_NETLINK_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libmnl/libmnl.h>

#include "family.h"

/* Room for a request: headers and a few short attributes. */
#define SESSION_REQUEST_MAX	512

/**
 * struct refusal - why a request failed
 * @reason: in the kernel's words or ours; may be empty
 * @attr: the attribute that is to blame, 0: none in particular
 * @limited: the kernel said what it may be:
 * @min: at least
 * @max: at most
 */
struct refusal {
	char reason[160];
	uint16_t attr;
	bool limited;
	uint64_t min;
	uint64_t max;
};

/**
 * struct session - an open netlink socket
 * @socket: libmnl's
 * @family: the family's numbers
 * @port: our address
 * @seq: of the request under way
 * @request: the request itself
 * @refusal: why it failed
 */
struct session {
	struct mnl_socket *socket;
	struct family family;
	uint32_t port;
	uint32_t seq;
	const struct nlmsghdr *request;
	struct refusal refusal;
};

int session_connect(struct session *session);
int session_renew(struct session *session);
void session_close(struct session *session);
struct nlmsghdr *session_request(struct session *session, void *buffer, uint8_t command,
				 uint16_t flags);
int session_ask(struct session *session, const struct nlmsghdr *request, mnl_cb_t answer,
		void *data);
int session_digest(struct session *session, const void *buffer, size_t len, mnl_cb_t answer,
		   void *data);
int session_malformed(struct session *session, const char *key);

#endif /* _QRNG_NETLINK_SESSION_H */
