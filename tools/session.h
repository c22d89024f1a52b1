/* SPDX-License-Identifier: MIT */
/*
 * A talk with the kernel's generic-netlink family "qrng": one request at a time,
 * each answered within a time limit.
 */
#ifndef _QRNGCTL_SESSION_H
#define _QRNGCTL_SESSION_H

#include <stddef.h>
#include <stdint.h>
#include <libmnl/libmnl.h>

/* Room for a request: headers and a few short attributes. */
#define SESSION_REQUEST_MAX	256

/**
 * struct session - an open netlink socket
 * @socket: libmnl's
 * @family: the number the kernel gave the family
 * @port: our address
 * @seq: of the request under way
 * @reason: why that failed, in the kernel's words or ours; may be empty
 */
struct session {
	struct mnl_socket *socket;
	uint16_t family;
	uint32_t port;
	uint32_t seq;
	char reason[160];
};

int session_open(struct session *session);
void session_close(struct session *session);
struct nlmsghdr *session_request(struct session *session, void *buffer, uint8_t command,
				 uint16_t flags);
int session_ask(struct session *session, const struct nlmsghdr *request, mnl_cb_t answer,
		void *data);
int session_digest(struct session *session, const void *buffer, size_t len, mnl_cb_t answer,
		   void *data);
int session_malformed(struct session *session, const char *key);
int session_complain(const struct session *session, int error);

#endif /* _QRNGCTL_SESSION_H */
