// SPDX-License-Identifier: MIT
#include "connection.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "clock.h"

#define ACCEPT_BATCH	 16
#define SWEEPS_PER_STALL 4

/* A system call for each: these many take a fraction of a millisecond. */
#define SWEEP_SLICE 128

/* A look into memory for each, while something happens on the thread: no request waits for many. */
#define LOOK_SLICE 32
#define LOOK_MS	   1

struct qrngd_connection {
	h2o_linklist_t link;
	struct qrngd_connections *owner;
	h2o_socket_t *socket;
	SSL_CTX *tls;	   /* the library reads it when the peer begins, but does not hold it */
	uint64_t swept_ms; /* when the peer's progress was last looked at */
	uint64_t taken;	   /* a number that changes with each byte the peer takes */
	uint64_t taken_ms; /* when it was seen to change */
};

void qrngd_connections_init(struct qrngd_connections *connections, _Atomic unsigned int *open,
			    pthread_mutex_t *door)
{
	memset(connections, 0, sizeof(*connections));
	connections->open = open;
	connections->door = door;
	h2o_linklist_init_anchor(&connections->list);
	connections->next = &connections->list;
}

void qrngd_connections_release(struct qrngd_connections *connections)
{
	atomic_fetch_sub(connections->open, 1);
}

bool qrngd_connections_reserve(struct qrngd_connections *connections)
{
	if (atomic_fetch_add(connections->open, 1) < connections->max)
		return true;
	qrngd_connections_release(connections);
	return false;
}

static void unlink_one(struct qrngd_connection *connection)
{
	if (connection->owner->next == &connection->link)
		connection->owner->next = connection->link.next;
	h2o_linklist_unlink(&connection->link);
}

static void on_close(void *data)
{
	struct qrngd_connection *connection = data;

	unlink_one(connection);
	connection->owner->count--;
	qrngd_connections_release(connection->owner);
	SSL_CTX_free(connection->tls);
	free(connection);
}

static void adopt(struct qrngd_connections *connections, struct qrngd_connection *connection,
		  h2o_socket_t *socket, SSL_CTX *tls)
{
	*connection = (struct qrngd_connection){ .owner = connections, .socket = socket };
	connection->tls = tls;
	if (tls)
		SSL_CTX_up_ref(tls);
	connection->taken_ms = qrngd_now_ms();
	connection->swept_ms = connection->taken_ms;
	connections->count++;
	atomic_fetch_add(connections->open, 1);
	h2o_linklist_insert(&connections->list, &connection->link);
	socket->on_close.cb = on_close;
	socket->on_close.data = connection;
}

enum qrngd_accepted qrngd_accepted_of(int err)
{
	bool starved = err == EMFILE || err == ENFILE || err == ENOBUFS || err == ENOMEM;

	return starved ? QRNGD_ACCEPT_STARVED : QRNGD_ACCEPT_EMPTY;
}

/* The socket's mode says the same; but a folder may be shared where modes mean little. */
static bool may_administer(h2o_socket_t *socket)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(peer);

	if (getsockopt(h2o_socket_get_fd(socket), SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
		return false;
	return peer.uid == 0 || peer.uid == geteuid();
}

/* The descriptor that another thread has freed to refuse somebody is for that one. */
static h2o_socket_t *take_socket(const struct qrngd_connections *connections,
				 h2o_socket_t *listener, int *err)
{
	h2o_socket_t *socket;

	pthread_mutex_lock(connections->door);
	socket = h2o_evloop_socket_accept(listener);
	*err = errno;
	pthread_mutex_unlock(connections->door);
	return socket;
}

static enum qrngd_accepted accept_one(struct qrngd_connections *connections, h2o_socket_t *listener,
				      h2o_accept_ctx_t *accept, bool admin)
{
	struct qrngd_connection *connection = malloc(sizeof(*connection));
	h2o_socket_t *socket;
	int err;

	if (!connection)
		return QRNGD_ACCEPT_STARVED;
	socket = take_socket(connections, listener, &err);
	if (!socket) {
		free(connection);
		return qrngd_accepted_of(err);
	}
	adopt(connections, connection, socket, accept->ssl_ctx);
	if (admin && !may_administer(socket)) {
		h2o_socket_close(socket);
		return QRNGD_ACCEPT_MORE;
	}
	h2o_accept(accept, socket);
	return QRNGD_ACCEPT_MORE;
}

enum qrngd_accepted qrngd_connections_accept(struct qrngd_connections *connections,
					     h2o_socket_t *listener, h2o_accept_ctx_t *accept,
					     bool admin)
{
	enum qrngd_accepted end = QRNGD_ACCEPT_MORE;
	unsigned int i;

	/*
	 * A place that is taken before there is somebody to have it would be missing elsewhere. So
	 * threads that see the last one at once all give it away.
	 */
	for (i = 0; i < ACCEPT_BATCH && end == QRNGD_ACCEPT_MORE; i++) {
		if (!admin && atomic_load(connections->open) >= connections->max)
			return QRNGD_ACCEPT_FULL;
		end = accept_one(connections, listener, accept, admin);
	}
	return end;
}

/* What a peer sends counts for nothing: it could keep its answer waiting by that. */
static uint64_t taken_so_far(h2o_socket_t *socket)
{
	int fd = h2o_socket_get_fd(socket), queued = 0;
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0)
		return info.tcpi_bytes_acked;
	/* A unix socket: what was handed over, less what the peer has not taken. */
	(void)ioctl(fd, SIOCOUTQ, &queued);
	return socket->bytes_written - (uint64_t)queued;
}

/*
 * The library finds its socket dead and cleans up as for a peer that went away; it
 * knows better than we do what it has under way.
 */
static void give_up(const struct qrngd_connection *connection)
{
	shutdown(h2o_socket_get_fd(connection->socket), SHUT_RDWR);
}

static void sweep_one(struct qrngd_connection *connection, uint64_t now_ms)
{
	uint64_t taken = taken_so_far(connection->socket);

	connection->swept_ms = now_ms;
	if (taken != connection->taken) {
		connection->taken = taken;
		connection->taken_ms = now_ms;
	} else if (now_ms - connection->taken_ms >= connection->owner->stall_ms) {
		give_up(connection);
	}
}

static struct qrngd_connection *connection_at(h2o_linklist_t *link)
{
	return H2O_STRUCT_FROM_MEMBER(struct qrngd_connection, link, link);
}

/* Return: milliseconds until the next of them is due. */
static int32_t sweep_progress(struct qrngd_connections *connections, uint64_t now_ms)
{
	uint64_t interval = connections->stall_ms / SWEEPS_PER_STALL;
	unsigned int i;

	for (i = 0; i < SWEEP_SLICE; i++) {
		struct qrngd_connection *first = connection_at(connections->list.next);

		if (now_ms - first->swept_ms < interval)
			return (int32_t)(interval - (now_ms - first->swept_ms));
		sweep_one(first, now_ms);
		unlink_one(first);
		h2o_linklist_insert(&connections->list, &first->link);
	}
	return 1;
}

/* Input grows only when something happens, and then this is called, too. */
static void look_at_inputs(struct qrngd_connections *connections, uint64_t now_ms)
{
	unsigned int i;

	if (now_ms - connections->looked_ms < LOOK_MS)
		return;
	connections->looked_ms = now_ms;
	for (i = 0; i <= connections->count && i < LOOK_SLICE; i++) {
		if (connections->next != &connections->list) {
			const struct qrngd_connection *connection =
				connection_at(connections->next);

			if (connection->socket->input->size > QRNGD_INPUT_MAX)
				give_up(connection);
		}
		connections->next = connections->next->next;
	}
}

int32_t qrngd_connections_sweep(struct qrngd_connections *connections, uint64_t now_ms)
{
	if (!connections->count)
		return INT32_MAX;
	look_at_inputs(connections, now_ms);
	return sweep_progress(connections, now_ms);
}
