/* SPDX-License-Identifier: MIT */
/*
 * HTTP/3 on one thread: its UDP sockets, and the connections that came by them. The kernel
 * gives a client's packets to one of the threads' sockets by the addresses of both ends;
 * threads hand on what is another's.
 */
#ifndef QRNGD_HTTP3_H
#define QRNGD_HTTP3_H

#include <stdint.h>

#include "connection.h"
#include "h2o_compat.h"
#include "listener.h"
#include "quic.h"
#include "retry.h"

/* As much as goes into the hash that keys are derived with. */
#define QRNGD_HTTP3_KEY_SIZE 32

#if QRNGD_HTTP3
#include <h2o/http3_server.h>

struct qrngd_http3;
struct qrngd_http3_terms;

/**
 * struct qrngd_http3_ear - one UDP socket
 * @http3: the thread's
 * @server: the library's part
 * @accept: how connections begin
 * @handed: where other threads hand packets over
 * @relays: ways to all threads for packets of this address
 * @relay_count: how many
 */
struct qrngd_http3_ear {
	struct qrngd_http3 *http3;
	h2o_http3_server_ctx_t server;
	h2o_accept_ctx_t accept;
	h2o_socket_t *handed;
	const struct qrngd_relay *relays;
	unsigned int relay_count;
};

/**
 * struct qrngd_http3 - of one thread
 * @connections: those over TCP, with which these share their limits
 * @terms: what new connections begin with; NULL: there is no HTTP/3
 * @ids: encrypts connections' IDs
 * @next_id: the next connection's
 * @retry: whether clients are where they say
 * @ears: the sockets
 * @ear_count: how many
 * @list: of connections; the one that was looked at longest ago comes first
 * @count: how many
 * @looked_ms: when some were last looked at
 * @stopped_ms: when no more were let in; 0: they still are
 */
struct qrngd_http3 {
	struct qrngd_connections *connections;
	struct qrngd_http3_terms *terms;
	quicly_cid_encryptor_t *ids;
	quicly_cid_plaintext_t next_id;
	struct qrngd_retry retry;
	struct qrngd_http3_ear ears[QRNGD_LISTENERS_MAX];
	unsigned int ear_count;
	h2o_linklist_t list;
	unsigned int count;
	uint64_t looked_ms;
	uint64_t stopped_ms;
};

/**
 * qrngd_http3_init() - make keys, without listening
 * @http3: zeroed memory
 * @connections: of the same thread
 * @thread: its number
 * @key: of connections' IDs, %QRNGD_HTTP3_KEY_SIZE bytes, the same for all threads
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_http3_init(struct qrngd_http3 *http3, struct qrngd_connections *connections,
		     unsigned int thread, unsigned char *key);

/** qrngd_http3_close() - wipe and free what qrngd_http3_init() made, if it was called */
void qrngd_http3_close(struct qrngd_http3 *http3);

/**
 * qrngd_http3_use() - what connections begin with from now on
 * @http3: the thread's
 * @config: of the library
 * @quic: certificate and key; held. Those that have begun keep theirs.
 */
void qrngd_http3_use(struct qrngd_http3 *http3, h2o_globalconf_t *config,
		     struct qrngd_quic *quic);

/**
 * qrngd_http3_listen() - listen on an address
 * @http3: the thread's, which has something to use
 * @ctx: the library's context of the thread
 * @listener: the address, whose sockets of this thread are taken over. They stay open to the
 *	end of the process, as the kernel would give the siblings' packets to others
 *	without them.
 * @hosts: a list of the one host that is there
 */
void qrngd_http3_listen(struct qrngd_http3 *http3, h2o_context_t *ctx,
			struct qrngd_listener *listener, h2o_hostconf_t **hosts);

/**
 * qrngd_http3_sweep() - give up connections whose peers are up to no good
 * @http3: the thread's
 * @now_ms: qrngd_now_ms()
 *
 * That is, those that take nothing any more, and those that leave more unconfirmed than
 * any network holds: all of it is kept until it is confirmed.
 *
 * Return: milliseconds until this must be called again, or INT32_MAX.
 */
int32_t qrngd_http3_sweep(struct qrngd_http3 *http3, uint64_t now_ms);

/** qrngd_http3_stop() - let nobody in any more, whom the kernel has not given us yet */
void qrngd_http3_stop(struct qrngd_http3 *http3, uint64_t now_ms);

/**
 * qrngd_http3_drain() - end connections that have nothing under way
 * @http3: the thread's, stopped, after h2o_context_request_shutdown()
 * @now_ms: qrngd_now_ms()
 * @wait_ms: lowered to when this must be called again
 *
 * Return: how many are still needed.
 */
unsigned int qrngd_http3_drain(struct qrngd_http3 *http3, uint64_t now_ms, int32_t *wait_ms);
#else
/* Settings that ask for it are refused, so that there is nothing to do. */
struct qrngd_http3 {
};

static inline int qrngd_http3_init(struct qrngd_http3 *http3, struct qrngd_connections *connections,
				   unsigned int thread, unsigned char *key)
{
	(void)http3;
	(void)connections;
	(void)thread;
	(void)key;
	return -1;
}

static inline void qrngd_http3_close(struct qrngd_http3 *http3)
{
	(void)http3;
}

static inline void qrngd_http3_use(struct qrngd_http3 *http3, h2o_globalconf_t *config,
				   struct qrngd_quic *quic)
{
	(void)http3;
	(void)config;
	(void)quic;
}

static inline void qrngd_http3_listen(struct qrngd_http3 *http3, h2o_context_t *ctx,
				      struct qrngd_listener *listener, h2o_hostconf_t **hosts)
{
	(void)http3;
	(void)ctx;
	(void)listener;
	(void)hosts;
}

static inline int32_t qrngd_http3_sweep(struct qrngd_http3 *http3, uint64_t now_ms)
{
	(void)http3;
	(void)now_ms;
	return INT32_MAX;
}

static inline void qrngd_http3_stop(struct qrngd_http3 *http3, uint64_t now_ms)
{
	(void)http3;
	(void)now_ms;
}

static inline unsigned int qrngd_http3_drain(struct qrngd_http3 *http3, uint64_t now_ms,
					     int32_t *wait_ms)
{
	(void)http3;
	(void)now_ms;
	(void)wait_ms;
	return 0;
}
#endif

#endif /* QRNGD_HTTP3_H */
