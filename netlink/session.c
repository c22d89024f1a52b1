// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <linux/genetlink.h>

#include "../uapi/qrng.h"
#include "session.h"

/* The kernel answers at once, or has lost its way. */
#define ANSWER_SECONDS	5

static ssize_t receive(struct session *session, void *buffer, size_t size)
{
	ssize_t len;

	do {
		len = mnl_socket_recvfrom(session->socket, buffer, size);
	} while (len < 0 && errno == EINTR);
	if (len > 0)
		return len;
	if (len < 0 && errno != EAGAIN)
		return -errno;
	snprintf(session->refusal.reason, sizeof(session->refusal.reason),
		 "no answer within %d s", ANSWER_SECONDS);
	return -ETIMEDOUT;
}

/* A dump out of a module that is being unloaded gets this from netlink itself, without words. */
static bool is_leaving(const struct session *session, int error)
{
	return error == -EPROTONOSUPPORT && !session->refusal.reason[0];
}

/**
 * session_ask() - send a request, work through all of its answer
 * @session: an open session
 * @request: of session_request(), with its attributes
 * @answer: called with each message, see session_digest()
 * @data: given to @answer
 *
 * Return: 0 or -errno, -ENOENT when the module is not there; see complaint().
 */
int session_ask(struct session *session, const struct nlmsghdr *request, mnl_cb_t answer,
		void *data)
{
	_Alignas(struct nlmsghdr) char buffer[32768];
	ssize_t len;
	int ret;

	memset(&session->refusal, 0, sizeof(session->refusal));
	session->request = request;
	if (mnl_socket_sendto(session->socket, request, request->nlmsg_len) < 0)
		return -errno;
	do {
		len = receive(session, buffer, sizeof(buffer));
		if (len < 0)
			return len;
		ret = session_digest(session, buffer, len, answer, data);
	} while (ret > 0);
	return is_leaving(session, ret) ? -ENOENT : ret;
}

static struct nlmsghdr *put_headers(struct session *session, void *buffer, uint16_t type,
				    uint8_t command, uint8_t version)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	/* The library leaves what is between attributes as it was: our stack is not for others. */
	memset(buffer, 0, SESSION_REQUEST_MAX);
	nlh = mnl_nlmsg_put_header(buffer);
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = ++session->seq;
	genl->cmd = command;
	genl->version = version;
	return nlh;
}

/**
 * session_request() - begin a request to the family
 * @session: an open session
 * @buffer: SESSION_REQUEST_MAX bytes, aligned as a struct nlmsghdr
 * @command: enum qrng_cmd
 * @flags: NLM_F_DUMP, or NLM_F_ACK: a single answer says by an ack that it is over
 *
 * Return: the message, to put attributes on.
 */
struct nlmsghdr *session_request(struct session *session, void *buffer, uint8_t command,
				 uint16_t flags)
{
	struct nlmsghdr *nlh =
		put_headers(session, buffer, session->family.id, command, QRNG_GENL_VERSION);

	nlh->nlmsg_flags |= flags;
	return nlh;
}

static int on_family(const struct nlmsghdr *nlh, void *data)
{
	struct session *session = data;
	const char *wrong = family_parse(nlh, &session->family);

	return wrong ? session_malformed(session, wrong) : MNL_CB_OK;
}

static int find_family(struct session *session)
{
	_Alignas(struct nlmsghdr) char buffer[SESSION_REQUEST_MAX];
	struct nlmsghdr *nlh =
		put_headers(session, buffer, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	int ret;

	nlh->nlmsg_flags |= NLM_F_ACK;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, QRNG_GENL_NAME);
	ret = session_ask(session, nlh, on_family, session);
	if (ret)
		return ret;
	return session->family.id ? 0 : -ENOENT;
}

static int open_socket(struct session *session)
{
	const struct timeval limit = { .tv_sec = ANSWER_SECONDS };
	int on = 1;

	session->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!session->socket)
		return -errno;
	if (mnl_socket_bind(session->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(session->socket), SOL_SOCKET, SO_RCVTIMEO, &limit,
		       sizeof(limit)) < 0)
		return -errno;
	/* Without these errors still come, only with fewer words. */
	mnl_socket_setsockopt(session->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(session->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	session->port = mnl_socket_get_portid(session->socket);
	return 0;
}

/**
 * session_connect() - connect to the module
 * @session: filled in; session_close() it in any case
 *
 * Return: 0 or -errno, -ENOENT when the module is not loaded.
 */
int session_connect(struct session *session)
{
	int ret;

	memset(session, 0, sizeof(*session));
	/* Two runs that get the same port one after the other must not share numbers. */
	session->seq = time(NULL);
	ret = open_socket(session);
	return ret ? ret : find_family(session);
}

/**
 * session_renew() - connect again, so that the rest of an answer is not taken for the next
 * @session: an open one
 *
 * Return: see session_connect().
 */
int session_renew(struct session *session)
{
	session_close(session);
	return session_connect(session);
}

/** session_close() - end the talk */
void session_close(struct session *session)
{
	if (session->socket)
		mnl_socket_close(session->socket);
	session->socket = NULL;
}
