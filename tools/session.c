// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <linux/genetlink.h>

#include "../uapi/qrng.h"
#include "output.h"
#include "qrngctl.h"
#include "session.h"

/* The kernel answers at once, or has lost its way. */
#define ANSWER_SECONDS	5

/** struct exchange - what the callbacks of one mnl_cb_run2() share */
struct exchange {
	struct session *session;
	mnl_cb_t answer;
	void *data;
};

static int on_answer(const struct nlmsghdr *nlh, void *data)
{
	const struct exchange *exchange = data;

	return exchange->answer(nlh, exchange->data);
}

static int on_reason(const struct nlattr *attr, void *data)
{
	struct session *session = data;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
		snprintf(session->reason, sizeof(session->reason), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

/* @fixed: bytes of the payload before the attributes of the extended ack. */
static int fail(struct session *session, const struct nlmsghdr *nlh, size_t fixed, int error)
{
	/* libmnl would reckon on from an offset behind the end. */
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && fixed <= mnl_nlmsg_get_payload_len(nlh))
		mnl_attr_parse(nlh, fixed, on_reason, session);
	errno = abs(error);
	return MNL_CB_ERROR;
}

/* An error, or with the number 0 the end of an answer. */
static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	const struct exchange *exchange = data;
	size_t fixed = sizeof(*err);

	if (mnl_nlmsg_get_payload_len(nlh) < fixed)
		return session_malformed(exchange->session, "error");
	if (!err->error)
		return MNL_CB_STOP;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && err->msg.nlmsg_len > sizeof(err->msg))
		fixed += err->msg.nlmsg_len - sizeof(err->msg);
	return fail(exchange->session, nlh, fixed, err->error);
}

/* The end of a dump, which can come early and with an error. */
static int on_done(const struct nlmsghdr *nlh, void *data)
{
	const struct exchange *exchange = data;
	const int *error = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*error) || *error >= 0)
		return MNL_CB_STOP;
	return fail(exchange->session, nlh, sizeof(*error), *error);
}

/**
 * session_digest() - work through one datagram of the answer
 * @session: knows the request's number
 * @buffer: the datagram, aligned as a struct nlmsghdr
 * @len: its bytes
 * @answer: called with each message; MNL_CB_ERROR with errno set ends the request
 * @data: given to @answer
 *
 * Return: 1 when more is to come, 0 at the end, -errno with @session->reason set
 * to the kernel's words if it had any.
 */
int session_digest(struct session *session, const void *buffer, size_t len, mnl_cb_t answer,
		   void *data)
{
	/* libmnl only reads it, but does not promise to. */
	mnl_cb_t control[NLMSG_MIN_TYPE] = {
		[NLMSG_ERROR] = on_error,
		[NLMSG_DONE] = on_done,
	};
	struct exchange exchange = { session, answer, data };
	int ret;

	ret = mnl_cb_run2(buffer, len, session->seq, session->port, on_answer, &exchange, control,
			  NLMSG_MIN_TYPE);
	if (ret < 0)
		return -errno;
	return ret > MNL_CB_STOP;
}

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
	snprintf(session->reason, sizeof(session->reason), "no answer within %d s", ANSWER_SECONDS);
	return -ETIMEDOUT;
}

/**
 * session_ask() - send a request, work through all of its answer
 * @session: an open session
 * @request: of session_request(), with its attributes
 * @answer: called with each message, see session_digest()
 * @data: given to @answer
 *
 * Return: 0 or -errno, see session_complain().
 */
int session_ask(struct session *session, const struct nlmsghdr *request, mnl_cb_t answer,
		void *data)
{
	_Alignas(struct nlmsghdr) char buffer[32768];
	ssize_t len;
	int ret;

	session->reason[0] = '\0';
	if (mnl_socket_sendto(session->socket, request, request->nlmsg_len) < 0)
		return -errno;
	do {
		len = receive(session, buffer, sizeof(buffer));
		if (len < 0)
			return len;
		ret = session_digest(session, buffer, len, answer, data);
	} while (ret > 0);
	return ret;
}

static struct nlmsghdr *put_headers(struct session *session, void *buffer, uint16_t type,
				    uint8_t command, uint8_t version)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

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
		put_headers(session, buffer, session->family, command, QRNG_GENL_VERSION);

	nlh->nlmsg_flags |= flags;
	return nlh;
}

static int on_family_attr(const struct nlattr *attr, void *data)
{
	struct session *session = data;

	if (mnl_attr_get_type(attr) != CTRL_ATTR_FAMILY_ID)
		return MNL_CB_OK;
	if (mnl_attr_validate(attr, MNL_TYPE_U16) < 0)
		return session_malformed(session, "family_id");
	session->family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static int on_family(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), on_family_attr, data);
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
	return session->family ? 0 : -ENOENT;
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
 * session_open() - connect to the module
 * @session: filled in; session_close() it if QRNGCTL_OK came back
 *
 * Return: enum qrngctl_exit; what went wrong was said on stderr.
 */
int session_open(struct session *session)
{
	int ret;

	memset(session, 0, sizeof(*session));
	/* Two runs that get the same port one after the other must not share numbers. */
	session->seq = time(NULL);
	ret = open_socket(session);
	if (!ret)
		ret = find_family(session);
	if (!ret)
		return QRNGCTL_OK;
	session_close(session);
	if (ret != -ENOENT)
		return session_complain(session, ret);
	fputs("qrngctl: module qrng is not loaded; load it with: modprobe qrng\n", stderr);
	return QRNGCTL_NO_MODULE;
}

/** session_close() - end the talk */
void session_close(struct session *session)
{
	if (session->socket)
		mnl_socket_close(session->socket);
	session->socket = NULL;
}

/**
 * session_malformed() - give up on an answer
 * @session: the session
 * @key: the part of it that is not as uapi/qrng.h says
 *
 * Return: MNL_CB_ERROR with errno set, for a callback to pass on.
 */
int session_malformed(struct session *session, const char *key)
{
	snprintf(session->reason, sizeof(session->reason), "malformed answer: %s", key);
	errno = EBADMSG;
	return MNL_CB_ERROR;
}

/**
 * session_complain() - say on stderr why a request failed
 * @session: the session, for the reason
 * @error: what session_ask() returned
 *
 * Return: QRNGCTL_FAILED.
 */
int session_complain(const struct session *session, int error)
{
	fputs("qrngctl: kernel: ", stderr);
	if (session->reason[0]) {
		output_safe(stderr, session->reason);
		fprintf(stderr, " (%s)\n", strerror(-error));
	} else {
		fprintf(stderr, "%s\n", strerror(-error));
	}
	return QRNGCTL_FAILED;
}
