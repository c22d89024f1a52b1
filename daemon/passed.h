/* SPDX-License-Identifier: MIT */
/* Sockets that whoever started the daemon has opened for it: sd_listen_fds(3). */
#ifndef QRNGD_PASSED_H
#define QRNGD_PASSED_H

#include <stdbool.h>

/* The most sockets that are taken. */
#define QRNGD_PASSED_MAX 16

/** enum qrngd_listener_kind - what is spoken on a listening socket */
enum qrngd_listener_kind {
	QRNGD_LISTENER_PLAIN,
	QRNGD_LISTENER_TLS,
	QRNGD_LISTENER_ADMIN, /* plain, to root and the daemon's own user */
	QRNGD_LISTENER_KINDS,
};

/**
 * struct qrngd_passed - the sockets that came with the process
 * @sockets: each is open, listens, and says by its name what is to be spoken there
 * @count: how many
 */
struct qrngd_passed {
	struct qrngd_passed_socket {
		int fd;
		enum qrngd_listener_kind kind;
	} sockets[QRNGD_PASSED_MAX];
	unsigned int count;
};

/**
 * qrngd_passed_take() - find what LISTEN_FDS and LISTEN_FDNAMES tell of
 * @passed: filled in; its sockets are closed in programs that are started
 *
 * The variables are gone then, so it must be called before there is a second thread. The
 * names are http, https and admin.
 *
 * Return: 0, or -1 after a line has named the socket that will not do, and why.
 */
int qrngd_passed_take(struct qrngd_passed *passed);

/** qrngd_passed_has() - is there a socket of this kind? */
bool qrngd_passed_has(const struct qrngd_passed *passed, enum qrngd_listener_kind kind);

#endif /* QRNGD_PASSED_H */
