/* SPDX-License-Identifier: MIT */
/*
 * Listens to the kernel module on a thread's event loop, and tells on what it hears. It
 * outlives the module: unloaded, it is waited for.
 */
#ifndef QRNGD_WATCH_H
#define QRNGD_WATCH_H

#include "events.h"
#include "h2o_compat.h"
#include "netlink/listener.h"
#include "timer.h"

/**
 * struct qrngd_watch - a subscription
 * @listener: the module's events
 * @socket: its descriptor in the loop, NULL while there is none
 * @loop: the thread's
 * @again: when to try once more, if the kernel refused a subscription
 * @events: where to tell
 * @refused: the last try failed, and a line has said so
 */
struct qrngd_watch {
	struct listener listener;
	h2o_socket_t *socket;
	h2o_loop_t *loop;
	struct qrngd_timer again;
	struct qrngd_events *events;
	bool refused;
};

/**
 * qrngd_watch_start() - listen from now on
 * @watch: zeroed memory
 * @loop: the loop of this thread
 * @timers: of this thread
 * @events: where to tell
 *
 * Whatever goes wrong is tried again, and said once.
 */
void qrngd_watch_start(struct qrngd_watch *watch, h2o_loop_t *loop, struct qrngd_timers *timers,
		       struct qrngd_events *events);

/** qrngd_watch_stop() - listen no more; fine if it never began */
void qrngd_watch_stop(struct qrngd_watch *watch);

#endif /* QRNGD_WATCH_H */
