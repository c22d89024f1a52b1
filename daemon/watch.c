// SPDX-License-Identifier: MIT
#include "watch.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

#define AGAIN_MS 1000

static bool on_heard(enum heard heard, const struct record *event, void *data)
{
	struct qrngd_watch *watch = data;

	switch (heard) {
	case HEARD_EVENT:
		qrngd_events_tell(watch->events, event, false);
		break;
	case HEARD_LOST:
		qrngd_events_note(watch->events, QRNGD_NOTE_LOST);
		break;
	case HEARD_UNLOADED:
		qrngd_events_note(watch->events, QRNGD_NOTE_UNLOADED);
		break;
	case HEARD_LOADED:
		qrngd_events_note(watch->events, QRNGD_NOTE_LISTENING);
		break;
	}
	return true;
}

static void close_both(struct qrngd_watch *watch)
{
	if (watch->socket)
		h2o_socket_close(watch->socket);
	watch->socket = NULL;
	listener_close(&watch->listener);
}

static void try_later(struct qrngd_watch *watch, int err)
{
	close_both(watch);
	if (!watch->refused)
		qrngd_log("the module's events cannot be heard, which is tried again: %s",
			  strerror(-err));
	watch->refused = true;
	qrngd_timer_set(&watch->again, qrngd_now_ms() + AGAIN_MS);
}

static void on_readable(h2o_socket_t *socket, const char *err)
{
	struct qrngd_watch *watch = socket->data;
	int ret = listener_receive(&watch->listener);

	/* With its error the loop only says that there is one to be read. */
	(void)err;
	if (ret)
		try_later(watch, ret);
}

/* The loop closes what it is given, and so does the listener: each has its own. */
static int poll_listener(struct qrngd_watch *watch)
{
	int fd = dup(listener_fd(&watch->listener));

	if (fd < 0)
		return -errno;
	watch->socket = h2o_evloop_socket_create(watch->loop, fd, H2O_SOCKET_FLAG_DONT_READ);
	watch->socket->data = watch;
	h2o_socket_read_start(watch->socket, on_readable);
	return 0;
}

static void listen_now(struct qrngd_watch *watch)
{
	int ret = listener_open(&watch->listener, on_heard, watch);
	bool loaded = !ret;

	if (ret == -ENOENT)
		ret = 0;
	if (!ret)
		ret = poll_listener(watch);
	if (ret) {
		try_later(watch, ret);
		return;
	}
	watch->refused = false;
	if (loaded)
		on_heard(HEARD_LOADED, NULL, watch);
}

static void on_timer(struct qrngd_timer *timer)
{
	listen_now(H2O_STRUCT_FROM_MEMBER(struct qrngd_watch, again, timer));
}

void qrngd_watch_start(struct qrngd_watch *watch, h2o_loop_t *loop, struct qrngd_timers *timers,
		       struct qrngd_events *events)
{
	watch->loop = loop;
	watch->events = events;
	qrngd_timer_init(&watch->again, timers, on_timer);
	listen_now(watch);
}

void qrngd_watch_stop(struct qrngd_watch *watch)
{
	qrngd_timer_cancel(&watch->again);
	close_both(watch);
}
