/* SPDX-License-Identifier: MIT */
/*
 * QEMU's side of the slot: the messages of its remote PCI device (x-pci-proxy-dev, QEMU 7.2) over
 * a stream socket. A message is a header of 16 bytes (i32 command, u32 padding, u64 size) and
 * size bytes of payload, in the host's byte order; file descriptors may come with the header.
 * QEMU waits for the answer, a RET message with a u64, to all commands but two.
 *
 * The peer is not trusted: each command has one lawful size, anything else is one
 * PROTOCOL line in the log and the end of the connection.
 */
#ifndef EMU_PROXY_H
#define EMU_PROXY_H

#include "emulator.h"

#include <stddef.h>

#define PROXY_BUFFER 1024 /* several of the largest messages, 208 bytes */

struct proxy {
	struct emulator *emulator;
	int fd; /* -1: nobody is connected */
	size_t used;
	unsigned char buffer[PROXY_BUFFER];
};

void proxy_init(struct proxy *proxy, struct emulator *emulator);

/* Takes over @fd, a connected stream socket: the card is plugged in. */
void proxy_attach(struct proxy *proxy, int fd);

/*
 * Handles what has come in; may end the connection. Waits for nothing, but as long as the
 * fault slow-read says.
 */
void proxy_serve(struct proxy *proxy);

/* Ends the connection for the reason @why: to QEMU, the card is pulled. */
void proxy_close(struct proxy *proxy, const char *why);

#endif
