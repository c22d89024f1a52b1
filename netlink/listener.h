/* SPDX-License-Identifier: MIT */
/*
 * A subscription to the module's events that outlives the module: it waits for it to
 * be loaded again.
 */
#ifndef _QRNG_NETLINK_LISTENER_H
#define _QRNG_NETLINK_LISTENER_H

#include "event.h"
#include "session.h"

/** enum heard - what a listener is told */
enum heard {
	HEARD_EVENT,		/* of the module, in a record of event_object */
	HEARD_LOST,		/* events came faster than they were read */
	HEARD_UNLOADED,		/* the module went */
	HEARD_LOADED,		/* it is back, and heard again */
};

/* Return: false to end listening. */
typedef bool (*listener_fn)(enum heard heard, const struct record *event, void *data);

/**
 * struct listener - who listens
 * @session: its socket; no requests are made on it
 * @tell: called with what is heard
 * @data: given to it
 * @done: it had enough
 * @changed: the controller said that our family came or went
 */
struct listener {
	struct session session;
	listener_fn tell;
	void *data;
	bool done;
	bool changed;
};

int listener_open(struct listener *listener, listener_fn tell, void *data);
int listener_receive(struct listener *listener);
int listener_digest(struct listener *listener, const void *buffer, size_t len);
int listener_fd(const struct listener *listener);
void listener_close(struct listener *listener);

#endif /* _QRNG_NETLINK_LISTENER_H */
