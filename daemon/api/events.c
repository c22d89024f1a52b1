// SPDX-License-Identifier: MIT
/* What befalls the sources and generators, live. */
#include "api.h"

#include "feed.h"

static void handle_events(struct qrngd_call *call)
{
	qrngd_feed_send(call, (uint64_t)call->values[0].integer);
}

const struct qrngd_route qrngd_routes_events[] = {
	{
		.path = "/v1/events",
		.open = true,
		.group = "State",
		.summary = "Events of the sources and the generator as they happen, as server-sent "
			   "events: each is a JSON object.",
		.type = "text/event-stream",
		.handle = handle_events,
		.params = {
			QRNGD_PARAM_INTEGER("max_events", 0, INT64_MAX, 0,
					    "events in all; 0: without an end"),
		},
	},
	{ 0 },
};
