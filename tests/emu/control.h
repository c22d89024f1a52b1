/* SPDX-License-Identifier: MIT */
/*
 * The control socket: one command on a line, one line of JSON as the answer. Several may be
 * connected; each is served without ever waiting for it.
 */
#ifndef EMU_CONTROL_H
#define EMU_CONTROL_H

#include "emulator.h"
#include "proxy.h"

#define CONTROL_CLIENTS 8
#define CONTROL_LINE	512

struct control_client {
	int fd; /* -1: free */
	size_t used;
	char line[CONTROL_LINE];
};

struct control {
	struct emulator *emulator;
	struct proxy *proxy;
	bool quit; /* somebody asked for the end */
	struct control_client clients[CONTROL_CLIENTS];
};

void control_init(struct control *control, struct emulator *emulator, struct proxy *proxy);

/* Takes over the connection @fd; one too many is told so and closed. */
void control_attach(struct control *control, int fd);

/* Handles what has come in from @client; may end its connection. */
void control_serve(struct control *control, struct control_client *client);

/* Ends all connections. */
void control_close(struct control *control);

/* Prints one line of help for each command. */
void control_help(FILE *out);

#endif
