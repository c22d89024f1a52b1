// SPDX-License-Identifier: MIT
#include "overflow.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "count.h"
#include "log.h"

#define REFUSE_BATCH 16
#define SAID_MS	     60000

/* What a request has sent along already; were it left unread, the kernel would reset. */
#define REQUEST_MAX 16384
#define ANSWER_MAX  512

/** struct form - what an interface's errors look like */
struct form {
	const char *type;
	const char *body;
};

#define DETAIL "there is no room for another connection now"

static const struct form problem = {
	.type = "application/problem+json",
	.body = "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
		"\"detail\":\"" DETAIL "\"}",
};
static const struct form error = {
	.type = "application/json; charset=utf-8",
	.body = "{\"error\":\"" DETAIL "\"}",
};

/* RFC 8446, 6.2: fatal, internal_error, "such as a memory allocation failure". */
static const char alert[] = { 21, 3, 3, 0, 2, 2, 80 };

int qrngd_overflow_init(struct qrngd_overflow *overflow, struct qrngd_door *door)
{
	overflow->door = door;
	overflow->spare = eventfd(0, EFD_CLOEXEC);
	return overflow->spare < 0 ? -1 : 0;
}

void qrngd_overflow_close(struct qrngd_overflow *overflow)
{
	if (overflow->spare >= 0)
		close(overflow->spare);
	overflow->spare = -1;
}

/* The first at once; one that meets another's line on its way leaves it at that. */
static void say(struct qrngd_door *door, enum qrngd_accepted reason)
{
	uint64_t said_ms = atomic_load(&door->said_ms), now_ms = qrngd_now_ms();

	if ((said_ms && now_ms < said_ms + SAID_MS) ||
	    !atomic_compare_exchange_strong(&door->said_ms, &said_ms, now_ms))
		return;
	qrngd_log("connections: refused, since %s",
		  reason == QRNGD_ACCEPT_FULL ? "as many are open as there may be"
					      : "the system gives no more descriptors or memory");
}

static size_t write_answer(char answer[ANSWER_MAX], enum qrngd_face face)
{
	const struct form *form = face == QRNGD_FACE_OWN ? &problem : &error;

	return (size_t)snprintf(answer, ANSWER_MAX,
				"HTTP/1.1 503 Service Unavailable\r\n"
				"Connection: close\r\n"
				"Retry-After: 1\r\n"
				"Content-Type: %s\r\n"
				"Cache-Control: no-store\r\n"
				"X-Content-Type-Options: nosniff\r\n"
				"Content-Length: %zu\r\n\r\n%s",
				form->type, strlen(form->body), form->body);
}

/* A socket that is new has room for all of it. */
static void turn_away(int fd, enum qrngd_listener_kind kind, enum qrngd_face face)
{
	char request[REQUEST_MAX], answer[ANSWER_MAX];

	(void)recv(fd, request, sizeof(request), MSG_DONTWAIT);
	if (kind == QRNGD_LISTENER_TLS)
		(void)send(fd, alert, sizeof(alert), MSG_DONTWAIT | MSG_NOSIGNAL);
	else
		(void)send(fd, answer, write_answer(answer, face), MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

static int accept_one(struct qrngd_overflow *overflow, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0 || overflow->spare < 0 ||
	    qrngd_accepted_of(errno) != QRNGD_ACCEPT_STARVED)
		return fd;
	qrngd_overflow_close(overflow);
	return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

static enum qrngd_accepted refuse_one(struct qrngd_overflow *overflow, int listener,
				      enum qrngd_listener_kind kind, enum qrngd_face face)
{
	int fd = accept_one(overflow, listener);
	enum qrngd_accepted end = fd < 0 ? qrngd_accepted_of(errno) : QRNGD_ACCEPT_MORE;

	if (fd >= 0) {
		turn_away(fd, kind, face);
		qrngd_count(&overflow->refused, 1);
	}
	/* A file may have been opened meanwhile: then there is one the next time. */
	if (overflow->spare < 0)
		overflow->spare = eventfd(0, EFD_CLOEXEC);
	return end;
}

enum qrngd_accepted qrngd_overflow_refuse(struct qrngd_overflow *overflow, int listener,
					  enum qrngd_listener_kind kind, enum qrngd_face face,
					  enum qrngd_accepted reason)
{
	enum qrngd_accepted end = QRNGD_ACCEPT_MORE;
	unsigned int i;

	for (i = 0; i < REFUSE_BATCH && end == QRNGD_ACCEPT_MORE; i++) {
		pthread_mutex_lock(&overflow->door->lock);
		end = refuse_one(overflow, listener, kind, face);
		pthread_mutex_unlock(&overflow->door->lock);
		if (end == QRNGD_ACCEPT_MORE)
			say(overflow->door, reason);
	}
	return end;
}
