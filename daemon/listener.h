/* SPDX-License-Identifier: MIT */
/* Where the daemon listens: addresses as people write them, and bound sockets. */
#ifndef QRNGD_LISTENER_H
#define QRNGD_LISTENER_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "face.h"
#include "options.h"
#include "passed.h"
#include "relay.h"

/*
 * All that may be listed, in two ways for our own interface, or passed, and the admin
 * socket.
 */
#define QRNGD_LISTENERS_MAX ((QRNGD_FACES + 1) * QRNGD_LISTEN_MAX + QRNGD_PASSED_MAX + 1)

/**
 * struct qrngd_listener - one address
 * @kind: what is spoken there
 * @face: the interface that is there
 * @address: as the kernel wants it; the port is the real one even if 0 was asked
 * @address_len: bytes of @address
 * @fds: one listening socket for each thread
 * @datagrams: one UDP socket of the same address for each, or NULL; -1: given away
 * @relays: with them, ways to each thread from the others
 * @passed: it came with the process
 * @fd_count: how many
 * @bound: @device and @inode name the unix socket's file, which is ours to remove
 * @device: see @bound
 * @inode: see @bound
 */
struct qrngd_listener {
	enum qrngd_listener_kind kind;
	enum qrngd_face face;
	struct sockaddr_storage address;
	socklen_t address_len;
	int *fds;
	int *datagrams;
	struct qrngd_relay *relays;
	unsigned int fd_count;
	bool passed;
	bool bound;
	dev_t device;
	ino_t inode;
};

/**
 * qrngd_listener_open() - bind an address, once for each thread
 * @listener: the listener
 * @kind: what is spoken there
 * @face: the interface that is there
 * @text: "ADDR:PORT", "[ADDR]:PORT" or "unix:PATH"
 * @threads: how many sockets
 *
 * Return: 0, or -1 after a line has said what is wrong.
 */
int qrngd_listener_open(struct qrngd_listener *listener, enum qrngd_listener_kind kind,
			enum qrngd_face face, const char *text, unsigned int threads);

/**
 * qrngd_listener_adopt() - listen on a socket that came with the process
 * @listener: the listener
 * @socket: the socket; all threads share it, and its file is not ours to remove
 * @threads: how many there are
 *
 * Return: 0, or -1 after a line has said what is wrong.
 */
int qrngd_listener_adopt(struct qrngd_listener *listener,
			 const struct qrngd_passed_socket *socket, unsigned int threads);

/**
 * qrngd_listener_open_datagrams() - bind UDP sockets to the same address
 * @listener: an open one
 *
 * A unix socket has none.
 *
 * Return: 0, or -1 after a line has said what is wrong.
 */
int qrngd_listener_open_datagrams(struct qrngd_listener *listener);

/**
 * qrngd_listener_give() - let the file of a unix socket be another user's
 * @listener: the listener; others have no file
 * @uid: the user
 * @gid: its group
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_listener_give(const struct qrngd_listener *listener, uid_t uid, gid_t gid);

/**
 * qrngd_listener_announce() - say where one can connect
 * @listener: the listener
 */
void qrngd_listener_announce(const struct qrngd_listener *listener);

/**
 * qrngd_listener_unlink() - remove the file of a unix socket, so that nobody new comes
 * @listener: the listener
 *
 * A file of this name that another daemon has made since is left alone. To be called
 * while the sockets are still open: a closed one's inode number may be used again.
 */
void qrngd_listener_unlink(struct qrngd_listener *listener);

/**
 * qrngd_listener_close() - stop listening; sockets given away are left alone
 * @listener: the listener
 */
void qrngd_listener_close(struct qrngd_listener *listener);

#endif /* QRNGD_LISTENER_H */
