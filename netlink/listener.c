// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>

#include "listener.h"

/* The controller's group for families that come and go: the kernel fixes its number. */
#define CONTROLLER_GROUP	GENL_ID_CTRL

/* Each request needs a socket of its own: answers and events would mix. */
static int find_family(struct family *family)
{
	struct session session;
	int ret;

	ret = session_connect(&session);
	*family = session.family;
	session_close(&session);
	return ret;
}

static int join(struct listener *listener, uint32_t group)
{
	if (mnl_socket_setsockopt(listener->session.socket, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)) < 0)
		return -errno;
	return 0;
}

/* Return: -ENOENT when the module is not there, or went a moment ago. */
static int attach(struct listener *listener)
{
	struct family family;
	int ret;

	ret = find_family(&family);
	if (ret)
		return ret;
	if (!family.events)
		return -EOPNOTSUPP;
	ret = join(listener, family.events);
	if (ret)
		return ret == -EINVAL ? -ENOENT : ret;
	listener->session.family = family;
	return 0;
}

static int open_socket(struct listener *listener)
{
	struct session *session = &listener->session;

	session->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (!session->socket || mnl_socket_bind(session->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	return join(listener, CONTROLLER_GROUP);
}

/**
 * listener_open() - subscribe to the module's events
 * @listener: filled in; listener_close() it in any case
 * @tell: called with what is heard, in the order it happened
 * @data: given to @tell
 *
 * Return: 0 or -errno. After -ENOENT, the module is not loaded, the listener is open all
 * the same, and hears when that changes.
 */
int listener_open(struct listener *listener, listener_fn tell, void *data)
{
	int ret;

	memset(listener, 0, sizeof(*listener));
	listener->tell = tell;
	listener->data = data;
	ret = open_socket(listener);
	return ret ? ret : attach(listener);
}

static void pass_on(struct listener *listener, enum heard heard, const struct record *event)
{
	if (!listener->done)
		listener->done = !listener->tell(heard, event, listener->data);
}

/* Is the module the one we hear? Asked when it may not be: after news, or a loss of news. */
static int look_again(struct listener *listener)
{
	struct family *heard = &listener->session.family;
	struct family family;
	int ret;

	listener->changed = false;
	ret = find_family(&family);
	if (ret && ret != -ENOENT)
		return ret;
	if (heard->id && heard->id != family.id) {
		heard->id = 0;
		pass_on(listener, HEARD_UNLOADED, NULL);
	}
	if (heard->id || !family.id)
		return 0;
	ret = attach(listener);
	if (!ret)
		pass_on(listener, HEARD_LOADED, NULL);
	return ret == -ENOENT ? 0 : ret;
}

static int on_controller(struct listener *listener, const struct nlmsghdr *nlh)
{
	struct family family;
	const char *wrong = family_parse(nlh, &family);

	if (wrong)
		return session_malformed(&listener->session, wrong);
	listener->changed |= family.is_qrng;
	return MNL_CB_OK;
}

static int on_event(struct listener *listener, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct field *wrong;
	struct record event;

	if (genl->cmd != QRNG_CMD_EVENT)
		return MNL_CB_OK;
	wrong = record_parse(&event_object, nlh, &event);
	if (wrong)
		return session_malformed(&listener->session, wrong->key);
	pass_on(listener, HEARD_EVENT, &event);
	return MNL_CB_OK;
}

static int on_message(const struct nlmsghdr *nlh, void *data)
{
	struct listener *listener = data;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return session_malformed(&listener->session, "header");
	if (nlh->nlmsg_type == GENL_ID_CTRL)
		return on_controller(listener, nlh);
	if (nlh->nlmsg_type == listener->session.family.id)
		return on_event(listener, nlh);
	return MNL_CB_OK;
}

/**
 * listener_digest() - work through one datagram
 * @listener: told of each event in it
 * @buffer: the datagram, aligned as a struct nlmsghdr
 * @len: its bytes
 *
 * Return: 0 or -errno with the session's refusal set.
 */
int listener_digest(struct listener *listener, const void *buffer, size_t len)
{
	if (mnl_cb_run(buffer, len, 0, 0, on_message, listener) >= 0)
		return 0;
	/* libmnl takes the number out of an error message as it is. */
	return errno > 0 ? -errno : -EPROTO;
}

/**
 * listener_receive() - work through what has come
 * @listener: an open one
 *
 * One datagram at a time, without waiting for any. A loss of events is told, and whether
 * the module came or went meanwhile is found out.
 *
 * Return: 0 or -errno, with which it is of no more use.
 */
int listener_receive(struct listener *listener)
{
	_Alignas(struct nlmsghdr) char buffer[32768];
	ssize_t len;
	int ret;

	len = mnl_socket_recvfrom(listener->session.socket, buffer, sizeof(buffer));
	if (len < 0 && errno == ENOBUFS) {
		pass_on(listener, HEARD_LOST, NULL);
		return look_again(listener);
	}
	if (len < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	ret = listener_digest(listener, buffer, len);
	return !ret && listener->changed ? look_again(listener) : ret;
}

/** listener_fd() - what to poll for reading before listener_receive() */
int listener_fd(const struct listener *listener)
{
	return mnl_socket_get_fd(listener->session.socket);
}

/** listener_close() - listen no more */
void listener_close(struct listener *listener)
{
	if (listener->session.socket)
		mnl_socket_close(listener->session.socket);
	listener->session.socket = NULL;
}
