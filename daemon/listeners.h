/* SPDX-License-Identifier: MIT */
/* All places where the server listens: what was passed, and what the settings name. */
#ifndef QRNGD_LISTENERS_H
#define QRNGD_LISTENERS_H

#include "identity.h"

struct qrngd_server;

/**
 * qrngd_listeners_open() - open them all
 * @server: with its command and its options; its listeners are filled in
 *
 * Sockets that were passed come first. They take the place of the default of listen, and of
 * a listed address that one of them has.
 *
 * Return: 0, or -1 after a line has said what is wrong.
 */
int qrngd_listeners_open(struct qrngd_server *server);

/**
 * qrngd_listeners_give() - let unix sockets be whose the daemon will be
 * @server: with its listeners open
 * @identity: who that is
 *
 * So that this user may reach the admin socket.
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_listeners_give(const struct qrngd_server *server, const struct qrngd_identity *identity);

#endif /* QRNGD_LISTENERS_H */
