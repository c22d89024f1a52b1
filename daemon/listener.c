// SPDX-License-Identifier: MIT
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "address.h"
#include "datagram.h"
#include "log.h"

#define BACKLOG 4096

/* Requests are short. The kernel takes twice that, for what it needs around the bytes. */
#define RECEIVE_BUFFER 32768

/* What may wait for the network besides what is on its way: a chunk. */
#define UNSENT_MAX 131072

static int fail_at(const struct qrngd_listener *listener, const char *remark)
{
	bool taken = errno == EADDRINUSE;
	const char *reason = taken ? "already in use by another process" : strerror(errno);
	char text[QRNGD_ADDRESS_TEXT_MAX];

	qrngd_address_text(&listener->address, text);
	qrngd_log("listen %s%s: %s", text, remark, reason);
	return -1;
}

static int fail(const struct qrngd_listener *listener)
{
	return fail_at(listener, "");
}

static void set(int fd, int level, int name, int value)
{
	/* None of them is vital, and the families differ in which they know. */
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

static int learn_address(struct qrngd_listener *listener, int fd)
{
	listener->address_len = sizeof(listener->address);
	return getsockname(fd, (struct sockaddr *)&listener->address, &listener->address_len);
}

/* Connections inherit these, and so the kernel's memory has a bound, too. */
static void limit_buffers(int fd)
{
	set(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
	set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_MAX);
}

/*
 * SO_REUSEPORT would let a second daemon of the same user share the port, in silence.
 * So the first socket is bound without it, and lets its own siblings in only then.
 */
static int bind_ip(struct qrngd_listener *listener, bool first)
{
	int fd = socket(listener->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return fail(listener);
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	limit_buffers(fd);
	if (!first)
		set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (bind(fd, (struct sockaddr *)&listener->address, listener->address_len) != 0)
		goto err_bind;
	set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	/* The port that the kernel chose, for the siblings and for people. */
	if (learn_address(listener, fd) != 0)
		goto err_bind;
	return fd;

err_bind:
	fail(listener);
	close(fd);
	return -1;
}

static const char *path_of(const struct qrngd_listener *listener)
{
	return ((const struct sockaddr_un *)&listener->address)->sun_path;
}

/* What a daemon that was killed has left behind; a living one answers. */
static void remove_stale(const struct qrngd_listener *listener)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)&listener->address;
	struct stat about;
	int fd;

	if (lstat(un->sun_path, &about) != 0 || !S_ISSOCK(about.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)un, listener->address_len) != 0 &&
	    errno == ECONNREFUSED)
		unlink(un->sun_path);
	close(fd);
}

static void remember_file(struct qrngd_listener *listener)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)&listener->address;
	struct stat about;

	if (lstat(un->sun_path, &about) != 0)
		return;
	listener->bound = true;
	listener->device = about.st_dev;
	listener->inode = about.st_ino;
}

/* All threads share one unix socket: there is no SO_REUSEPORT for them. */
static int bind_unix(struct qrngd_listener *listener, bool first)
{
	int fd;

	if (!first) {
		fd = dup(listener->fds[0]);
		return fd < 0 ? fail(listener) : fd;
	}
	remove_stale(listener);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail(listener);
	if (bind(fd, (struct sockaddr *)&listener->address, listener->address_len) != 0) {
		fail(listener);
		close(fd);
		return -1;
	}
	remember_file(listener);
	/* Nobody can come before it listens. */
	if (listener->kind == QRNGD_LISTENER_ADMIN && chmod(path_of(listener), 0600) != 0) {
		fail(listener);
		close(fd);
		return -1;
	}
	return fd;
}

/* Listens only after all are bound, or the first would take connections alone. */
static int start_listening(const struct qrngd_listener *listener)
{
	unsigned int i;

	for (i = 0; i < listener->fd_count; i++)
		if (listen(listener->fds[i], BACKLOG) != 0)
			return fail(listener);
	return 0;
}

int qrngd_listener_open(struct qrngd_listener *listener, enum qrngd_listener_kind kind,
			enum qrngd_face face, const char *text, unsigned int threads)
{
	const char *needed;

	memset(listener, 0, sizeof(*listener));
	listener->kind = kind;
	listener->face = face;
	needed = qrngd_address_parse(text, &listener->address, &listener->address_len);
	if (needed) {
		qrngd_log("listen %s: %s", text, needed);
		return -1;
	}
	listener->fds = calloc(threads, sizeof(*listener->fds));
	if (!listener->fds)
		return fail(listener);
	while (listener->fd_count < threads) {
		bool first = !listener->fd_count;
		int fd = listener->address.ss_family == AF_UNIX ? bind_unix(listener, first)
								: bind_ip(listener, first);

		if (fd < 0)
			goto err_bind;
		listener->fds[listener->fd_count++] = fd;
	}
	if (start_listening(listener) != 0)
		goto err_bind;
	return 0;

err_bind:
	qrngd_listener_close(listener);
	return -1;
}

int qrngd_listener_adopt(struct qrngd_listener *listener, const struct qrngd_passed_socket *socket,
			 unsigned int threads)
{
	memset(listener, 0, sizeof(*listener));
	listener->kind = socket->kind;
	listener->passed = true;
	if (learn_address(listener, socket->fd) != 0)
		return fail(listener);
	listener->fds = calloc(threads, sizeof(*listener->fds));
	if (!listener->fds)
		return fail(listener);
	limit_buffers(socket->fd);
	listener->fds[listener->fd_count++] = socket->fd;
	while (listener->fd_count < threads) {
		int fd = fcntl(socket->fd, F_DUPFD_CLOEXEC, 0);

		if (fd < 0)
			goto err_dup;
		listener->fds[listener->fd_count++] = fd;
	}
	return 0;

err_dup:
	fail(listener);
	qrngd_listener_close(listener);
	return -1;
}

static int take_datagrams(struct qrngd_listener *listener)
{
	listener->datagrams = malloc(listener->fd_count * sizeof(*listener->datagrams));
	listener->relays = malloc(listener->fd_count * sizeof(*listener->relays));
	if (!listener->datagrams || !listener->relays)
		return -1;
	/* All bytes of -1 are the same. */
	memset(listener->datagrams, -1, listener->fd_count * sizeof(*listener->datagrams));
	memset(listener->relays, -1, listener->fd_count * sizeof(*listener->relays));
	return 0;
}

int qrngd_listener_open_datagrams(struct qrngd_listener *listener)
{
	unsigned int i;

	if (listener->address.ss_family == AF_UNIX)
		return 0;
	if (take_datagrams(listener) != 0)
		return fail_at(listener, " by UDP");
	for (i = 0; i < listener->fd_count; i++) {
		listener->datagrams[i] =
			qrngd_datagram_bind(&listener->address, listener->address_len, !i);
		if (listener->datagrams[i] < 0 || qrngd_relay_open(&listener->relays[i]) != 0)
			return fail_at(listener, " by UDP");
	}
	return 0;
}

int qrngd_listener_give(const struct qrngd_listener *listener, uid_t uid, gid_t gid)
{
	if (!listener->bound || lchown(path_of(listener), uid, gid) == 0)
		return 0;
	return fail(listener);
}

void qrngd_listener_announce(const struct qrngd_listener *listener)
{
	static const char *const schemes[] = { "http://", "https://", "" };
	static const char *const remarks[] = { "", " with TLS", " for administrators" };
	bool is_unix = listener->address.ss_family == AF_UNIX;
	const char *title = qrngd_face_title(listener->face);
	char text[QRNGD_ADDRESS_TEXT_MAX];

	qrngd_address_text(&listener->address, text);
	qrngd_log("listening on %s%s%s%s%s%s%s", is_unix ? "" : schemes[listener->kind], text,
		  is_unix ? remarks[listener->kind] : "", *title ? " for " : "", title,
		  listener->passed ? ", a socket that was passed" : "",
		  listener->datagrams ? ", and by UDP for HTTP/3" : "");
}

void qrngd_listener_unlink(struct qrngd_listener *listener)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)&listener->address;
	struct stat about;

	if (listener->bound && lstat(un->sun_path, &about) == 0 &&
	    about.st_dev == listener->device && about.st_ino == listener->inode)
		unlink(un->sun_path);
	listener->bound = false;
}

static void close_each(int *fds, unsigned int count)
{
	unsigned int i;

	for (i = 0; fds && i < count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(fds);
}

void qrngd_listener_close(struct qrngd_listener *listener)
{
	unsigned int i;

	qrngd_listener_unlink(listener);
	for (i = 0; listener->datagrams && listener->relays && i < listener->fd_count; i++)
		qrngd_relay_close(&listener->relays[i]);
	free(listener->relays);
	listener->relays = NULL;
	close_each(listener->fds, listener->fd_count);
	close_each(listener->datagrams, listener->fd_count);
	listener->fds = NULL;
	listener->datagrams = NULL;
	listener->fd_count = 0;
}
