// SPDX-License-Identifier: MIT
#include "passed.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <systemd/sd-daemon.h>

#include "log.h"

static const char *const names[QRNGD_LISTENER_KINDS] = {
	[QRNGD_LISTENER_PLAIN] = "http",
	[QRNGD_LISTENER_TLS] = "https",
	[QRNGD_LISTENER_ADMIN] = "admin",
};

/* A name that is forgotten in a unit must not turn TLS into plain text. */
static int find_kind(const char *name, enum qrngd_listener_kind *kind)
{
	unsigned int i;

	for (i = 0; i < QRNGD_LISTENER_KINDS; i++) {
		if (strcmp(name, names[i]) == 0) {
			*kind = i;
			return 0;
		}
	}
	return -1;
}

static bool speaks(int fd, int family)
{
	return sd_is_socket(fd, family, SOCK_STREAM, 1) > 0;
}

/* Return: NULL, or what is needed instead, a clause for people */
static const char *lacking(const struct qrngd_passed_socket *socket)
{
	if (socket->kind == QRNGD_LISTENER_ADMIN && !speaks(socket->fd, AF_UNIX))
		return "a unix stream socket that listens is needed for administrators";
	if (!speaks(socket->fd, AF_INET) && !speaks(socket->fd, AF_INET6) &&
	    !speaks(socket->fd, AF_UNIX))
		return "a TCP or unix stream socket that listens is needed";
	return NULL;
}

static int take_one(struct qrngd_passed_socket *socket, int fd, const char *name)
{
	const char *needed;

	socket->fd = fd;
	if (find_kind(name, &socket->kind) != 0)
		needed = "http, https or admin is needed as its name (FileDescriptorName=)";
	else
		needed = lacking(socket);
	if (needed) {
		qrngd_log("socket %d, passed as %s: %s", fd, name, needed);
		return -1;
	}
	/* All threads have it in an event loop. */
	(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return 0;
}

static int take_all(struct qrngd_passed *passed, char **given, unsigned int count)
{
	if (count > QRNGD_PASSED_MAX) {
		qrngd_log("sockets passed: %u, but %u at most are taken", count, QRNGD_PASSED_MAX);
		return -1;
	}
	for (; passed->count < count; passed->count++) {
		unsigned int i = passed->count;

		if (take_one(&passed->sockets[i], SD_LISTEN_FDS_START + (int)i, given[i]) != 0)
			return -1;
	}
	return 0;
}

int qrngd_passed_take(struct qrngd_passed *passed)
{
	char **given = NULL;
	int count = sd_listen_fds_with_names(1, &given), i, ret;

	passed->count = 0;
	if (count < 0) {
		qrngd_log("sockets passed: LISTEN_FDS or LISTEN_FDNAMES: %s", strerror(-count));
		return -1;
	}
	ret = take_all(passed, given, (unsigned int)count);
	for (i = 0; i < count; i++)
		free(given[i]);
	free(given);
	return ret;
}

bool qrngd_passed_has(const struct qrngd_passed *passed, enum qrngd_listener_kind kind)
{
	unsigned int i;

	for (i = 0; i < passed->count; i++)
		if (passed->sockets[i].kind == kind)
			return true;
	return false;
}
