// SPDX-License-Identifier: MIT
#include "http3.h"

#if QRNGD_HTTP3
#include <stdlib.h>

#include <picotls/openssl.h>

#include "capacity.h"
#include "clock.h"

/* How many are looked at in one go, and how often. */
#define LOOK_SLICE 256
#define LOOK_MS	   20

/* A connection is looked at so many times before it is given up as stalled. */
#define LOOKS_PER_STALL 4

/*
 * Bytes that a connection may have on their way: a gigabit per second takes so many to the
 * other side of the world and back twice.
 */
#define UNCONFIRMED_MAX ((uint64_t)64 << 20)

/* The library tells peers twice, a second apart, to ask no more; then all have heard it. */
#define GOODBYE_MS 1200

/* Of the tables that header fields are compressed with. */
#define TABLE_BYTES 4096

/**
 * struct qrngd_http3_terms - what connections begin with, which need it until they end
 * @quicly: the library's context
 * @quic: certificate and key
 * @holders: on this thread
 */
struct qrngd_http3_terms {
	quicly_context_t quicly;
	struct qrngd_quic *quic;
	unsigned int holders;
};

/**
 * struct peer - a connection
 * @callbacks: the library leads from its connection to this one by these
 * @link: in the thread's list
 * @http3: the thread's
 * @terms: what it began with
 * @conn: the library's, NULL while it begins
 * @taken: bytes of answers that were sent, which the peer's pace decides
 * @taken_ms: when that was seen to change
 */
struct peer {
	h2o_http3_conn_callbacks_t callbacks;
	h2o_linklist_t link;
	struct qrngd_http3 *http3;
	struct qrngd_http3_terms *terms;
	h2o_http3_conn_t *conn;
	uint64_t taken;
	uint64_t taken_ms;
};

static void drop_terms(struct qrngd_http3_terms *terms)
{
	if (!terms || --terms->holders)
		return;
	qrngd_quic_drop(terms->quic);
	free(terms);
}

int qrngd_http3_init(struct qrngd_http3 *http3, struct qrngd_connections *connections,
		     unsigned int thread, unsigned char *key)
{
	http3->connections = connections;
	http3->next_id.thread_id = thread;
	h2o_linklist_init_anchor(&http3->list);
	if (qrngd_retry_init(&http3->retry) != 0)
		return -1;
	http3->ids = quicly_new_default_cid_encryptor(
		&ptls_openssl_aes128ecb, &ptls_openssl_aes128ecb, &ptls_openssl_sha256,
		ptls_iovec_init(key, QRNGD_HTTP3_KEY_SIZE));
	if (http3->ids)
		return 0;
	qrngd_retry_free(&http3->retry);
	return -1;
}

void qrngd_http3_close(struct qrngd_http3 *http3)
{
	if (!http3->ids)
		return;
	quicly_free_default_cid_encryptor(http3->ids);
	qrngd_retry_free(&http3->retry);
	drop_terms(http3->terms);
	http3->ids = NULL;
}

static void limit_transport(quicly_context_t *quicly)
{
	quicly->transport_params.max_streams_bidi = QRNGD_HTTP2_STREAMS;
	/* There are no tunnels. */
	quicly->transport_params.max_datagram_frame_size = 0;
	quicly->receive_datagram_frame = NULL;
}

void qrngd_http3_use(struct qrngd_http3 *http3, h2o_globalconf_t *config,
		     struct qrngd_quic *quic)
{
	struct qrngd_http3_terms *terms;
	unsigned int i;

	if (!http3->ids || (http3->terms && http3->terms->quic == quic))
		return;
	terms = h2o_mem_alloc(sizeof(*terms));
	terms->quicly = quicly_spec_context;
	terms->quicly.tls = qrngd_quic_tls(quic);
	terms->quicly.cid_encryptor = http3->ids;
	terms->quicly.generate_resumption_token = &http3->retry.give;
	h2o_http3_server_amend_quicly_context(config, &terms->quicly);
	limit_transport(&terms->quicly);
	terms->quic = qrngd_quic_hold(quic);
	terms->holders = 1;
	for (i = 0; i < http3->ear_count; i++)
		http3->ears[i].server.super.quic = &terms->quicly;
	drop_terms(http3->terms);
	http3->terms = terms;
}

static void forget(struct peer *peer)
{
	h2o_linklist_unlink(&peer->link);
	peer->http3->count--;
	qrngd_connections_release(peer->http3->connections);
	drop_terms(peer->terms);
	free(peer);
}

static void on_destroy(h2o_quic_conn_t *conn)
{
	struct peer *peer = H2O_STRUCT_FROM_MEMBER(struct peer, callbacks.super, conn->callbacks);

	H2O_HTTP3_CONN_CALLBACKS.super.destroy_connection(conn);
	forget(peer);
}

static struct peer *make_peer(struct qrngd_http3 *http3)
{
	struct peer *peer = h2o_mem_alloc(sizeof(*peer));

	*peer = (struct peer){ .callbacks = H2O_HTTP3_CONN_CALLBACKS, .http3 = http3 };
	peer->callbacks.super.destroy_connection = on_destroy;
	peer->terms = http3->terms;
	peer->terms->holders++;
	peer->taken_ms = qrngd_now_ms();
	http3->count++;
	h2o_linklist_insert(&http3->list, &peer->link);
	return peer;
}

/* Who comes when there is no room is not answered, and asks again after a while. */
static h2o_quic_conn_t *accept_one(h2o_quic_ctx_t *ctx, quicly_address_t *own,
				   quicly_address_t *from, quicly_decoded_packet_t *packet)
{
	struct qrngd_http3_ear *ear =
		H2O_STRUCT_FROM_MEMBER(struct qrngd_http3_ear, server.super, ctx);
	struct qrngd_http3 *http3 = ear->http3;
	quicly_address_token_plaintext_t token;
	h2o_http3_conn_t *conn;
	struct peer *peer;

	if (!qrngd_retry_proves(&http3->retry, ctx->quic, from, packet, &token)) {
		qrngd_retry_send(&http3->retry, ctx, from, own, packet);
		return NULL;
	}
	if (!qrngd_connections_reserve(http3->connections))
		return NULL;
	peer = make_peer(http3);
	conn = h2o_http3_server_accept(&ear->server, own, from, packet, &token, &peer->callbacks);
	/* It has begun and ended at once: the callback has cleaned up. */
	if (conn == &h2o_http3_accept_conn_closed)
		return NULL;
	if (!conn || &conn->super == &h2o_quic_accept_conn_decryption_failed)
		forget(peer);
	else
		peer->conn = conn;
	return conn ? &conn->super : NULL;
}

/* IDs are encrypted, so that a node and a thread that exist are ones that we wrote there. */
static int hand_over(h2o_quic_ctx_t *ctx, const uint64_t *node, uint32_t thread,
		     quicly_address_t *own, quicly_address_t *from, uint8_t ttl,
		     quicly_decoded_packet_t *packets, size_t count)
{
	const struct qrngd_http3_ear *ear =
		H2O_STRUCT_FROM_MEMBER(struct qrngd_http3_ear, server.super, ctx);
	const quicly_cid_plaintext_t *id = ctx->next_cid;

	(void)ttl;
	if (!node || *node != id->node_id || thread == id->thread_id || thread >= ear->relay_count)
		return 0;
	qrngd_relay_send(&ear->relays[thread], own, from, packets, count);
	return 1;
}

static void on_handed_over(h2o_socket_t *socket, const char *err)
{
	(void)err;
	h2o_quic_read_socket(socket->data, socket);
}

static h2o_socket_t *take_socket(h2o_context_t *ctx, int *fd)
{
	h2o_socket_t *socket =
		h2o_evloop_socket_create(ctx->loop, *fd, H2O_SOCKET_FLAG_DONT_READ);

	*fd = -1;
	return socket;
}

static void open_relay(struct qrngd_http3_ear *ear, h2o_context_t *ctx,
		       struct qrngd_listener *listener)
{
	ear->handed = take_socket(ctx, &listener->relays[ear->http3->next_id.thread_id].in);
	ear->relays = listener->relays;
	ear->relay_count = listener->fd_count;
	h2o_quic_set_forwarding_context(&ear->server.super, 0, 1, hand_over, qrngd_relay_unwrap);
	ear->handed->data = &ear->server.super;
	h2o_socket_read_start(ear->handed, on_handed_over);
}

void qrngd_http3_listen(struct qrngd_http3 *http3, h2o_context_t *ctx,
			struct qrngd_listener *listener, h2o_hostconf_t **hosts)
{
	struct qrngd_http3_ear *ear = &http3->ears[http3->ear_count++];
	h2o_socket_t *socket =
		take_socket(ctx, &listener->datagrams[http3->next_id.thread_id]);

	ear->http3 = http3;
	ear->accept.ctx = ctx;
	ear->accept.hosts = hosts;
	h2o_http3_server_init_context(ctx, &ear->server.super, ctx->loop, socket, NULL,
				      &http3->terms->quicly, &http3->next_id, accept_one, NULL,
				      ctx->globalconf->http3.use_gso);
	ear->server.accept_ctx = &ear->accept;
	ear->server.qpack = (h2o_http3_qpack_context_t){ TABLE_BYTES, TABLE_BYTES };
	open_relay(ear, ctx, listener);
}

static bool is_open(const struct peer *peer)
{
	return quicly_get_state(peer->conn->super.quic) < QUICLY_STATE_CLOSING;
}

static void give_up(const struct peer *peer, quicly_error_t code)
{
	h2o_quic_close_connection(&peer->conn->super, code, NULL);
}

/* Bytes of a stream that are kept: from the first that is not confirmed to the last sent. */
static int64_t add_unconfirmed(void *sum, quicly_stream_t *stream)
{
	const quicly_sendstate_t *sent = &stream->sendstate;

	if (quicly_stream_has_send_side(0, stream->stream_id) &&
	    sent->size_inflight > sent->acked.ranges[0].end)
		*(uint64_t *)sum += sent->size_inflight - sent->acked.ranges[0].end;
	return 0;
}

static void look_at(struct peer *peer, uint64_t now_ms)
{
	quicly_conn_t *quic = peer->conn->super.quic;
	uint64_t taken, unconfirmed = 0;

	quicly_get_max_data(quic, NULL, &taken, NULL, NULL);
	if (taken != peer->taken)
		peer->taken_ms = now_ms;
	peer->taken = taken;
	quicly_foreach_stream(quic, &unconfirmed, add_unconfirmed);
	if (unconfirmed > UNCONFIRMED_MAX)
		give_up(peer, H2O_HTTP3_ERROR_EXCESSIVE_LOAD);
	else if (now_ms - peer->taken_ms >= peer->http3->connections->stall_ms)
		give_up(peer, H2O_HTTP3_ERROR_NONE);
}

static struct peer *peer_at(h2o_linklist_t *link)
{
	return H2O_STRUCT_FROM_MEMBER(struct peer, link, link);
}

int32_t qrngd_http3_sweep(struct qrngd_http3 *http3, uint64_t now_ms)
{
	unsigned int slices = http3->count / LOOK_SLICE + 1, i;

	if (!http3->count)
		return INT32_MAX;
	for (i = 0; now_ms - http3->looked_ms >= LOOK_MS && i < http3->count && i < LOOK_SLICE;
	     i++) {
		struct peer *peer = peer_at(http3->list.next);

		h2o_linklist_unlink(&peer->link);
		h2o_linklist_insert(&http3->list, &peer->link);
		if (is_open(peer))
			look_at(peer, now_ms);
	}
	if (i)
		http3->looked_ms = now_ms;
	return (int32_t)(http3->connections->stall_ms / LOOKS_PER_STALL / slices) + LOOK_MS;
}

void qrngd_http3_stop(struct qrngd_http3 *http3, uint64_t now_ms)
{
	unsigned int i;

	for (i = 0; i < http3->ear_count; i++)
		http3->ears[i].server.super.acceptor = NULL;
	http3->stopped_ms = now_ms;
}

static bool is_needed(const struct peer *peer, uint64_t now_ms)
{
	return now_ms - peer->http3->stopped_ms < GOODBYE_MS ||
	       quicly_num_streams_by_group(peer->conn->super.quic, 0, 0);
}

/* Return: whether it is still needed. */
static bool drain_one(struct peer *peer, uint64_t now_ms)
{
	quicly_conn_t *quic = peer->conn->super.quic;

	/*
	 * One that is idle by the library's list, which it may be though it closes already, would
	 * be told of the end a second time: that puts a timer where it is, which breaks the loop's.
	 */
	h2o_conn_set_state(h2o_http3_get_connection(quic), H2O_CONN_STATE_SHUTDOWN);
	if (!is_open(peer))
		return false;
	if (is_needed(peer, now_ms))
		return true;
	/* At once: nobody waits until the peer has confirmed the end. */
	quicly_close(quic, H2O_HTTP3_ERROR_NONE, NULL);
	h2o_quic_send(&peer->conn->super);
	return false;
}

unsigned int qrngd_http3_drain(struct qrngd_http3 *http3, uint64_t now_ms, int32_t *wait_ms)
{
	uint64_t until_ms = http3->stopped_ms + GOODBYE_MS;
	h2o_linklist_t *link, *next;
	unsigned int needed = 0;

	if (!http3->count)
		return 0;
	for (link = http3->list.next; link != &http3->list; link = next) {
		next = link->next;
		needed += drain_one(peer_at(link), now_ms);
	}
	if (needed && now_ms < until_ms && until_ms - now_ms < (uint64_t)*wait_ms)
		*wait_ms = (int32_t)(until_ms - now_ms);
	return needed;
}
#endif
