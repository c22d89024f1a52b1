// SPDX-License-Identifier: MIT
#include <errno.h>
#include <time.h>

#include "complaint.h"
#include "connect.h"
#include "qrngctl.h"
#include "stop.h"

/**
 * connect_session() - connect to the module, or complain
 * @session: filled in; session_close() it if QRNGCTL_OK came back
 *
 * Return: enum qrngctl_exit.
 */
int connect_session(struct session *session)
{
	int ret = session_connect(session);

	if (!ret)
		return QRNGCTL_OK;
	session_close(session);
	return complaint(session, NULL, ret);
}

/**
 * connect_listener() - subscribe to the module's events, or complain
 * @listener: filled in; listener_close() it if QRNGCTL_OK came back
 * @tell: called with what is heard, in the order it happened
 * @data: given to @tell
 *
 * Return: enum qrngctl_exit.
 */
int connect_listener(struct listener *listener, listener_fn tell, void *data)
{
	int ret = listener_open(listener, tell, data);

	if (!ret)
		return QRNGCTL_OK;
	listener_close(listener);
	return complaint(&listener->session, NULL, ret);
}

static int64_t now_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/**
 * connect_listen() - listen
 * @listener: an open one
 * @timeout_ms: for how long, -1: for ever
 *
 * Return: 0 when whoever is told had enough, -ETIMEDOUT, -EINTR when a signal of
 * stop_install() came, or another -errno, see complaint().
 */
int connect_listen(struct listener *listener, int timeout_ms)
{
	int64_t end = now_ms() + timeout_ms, left = -1;
	int ret = 0;

	while (!ret && !listener->done) {
		if (timeout_ms >= 0)
			left = end > now_ms() ? end - now_ms() : 0;
		ret = stop_wait(listener_fd(listener), (int)left);
		if (!ret)
			return -ETIMEDOUT;
		ret = ret > 0 ? listener_receive(listener) : ret;
	}
	return ret;
}
