// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>

#include "complaint.h"
#include "connect.h"
#include "qrngctl.h"
#include "stop.h"

static void note(const struct call *call, const char *word)
{
	const struct timespec time = event_time(NULL);

	event_note(stdout, call->json, word, &time);
}

static bool show(enum heard heard, const struct record *event, void *data)
{
	const struct call *call = data;
	struct timespec time;

	switch (heard) {
	case HEARD_EVENT:
		time = event_time(event);
		event_print(stdout, call->json, event, &time);
		break;
	case HEARD_LOST:
		note(call, "lost-events");
		break;
	case HEARD_UNLOADED:
		note(call, "module-unloaded");
		break;
	case HEARD_LOADED:
		note(call, "listening");
		break;
	}
	/* Whoever reads us wants each line at once; and there may be nobody any more. */
	return !fflush(stdout);
}

/** monitor_command() - show events as they come, until somebody ends it */
int monitor_command(const struct call *call)
{
	struct call copy = *call;
	struct listener listener;
	int ret;

	ret = connect_listener(&listener, show, &copy);
	if (ret)
		return ret;
	ret = stop_install();
	if (!ret && show(HEARD_LOADED, NULL, &copy))
		ret = connect_listen(&listener, -1);
	listener_close(&listener);
	return !ret || ret == -EINTR ? QRNGCTL_OK : complaint(&listener.session, NULL, ret);
}
