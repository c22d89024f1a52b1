/* SPDX-License-Identifier: MIT */
/*
 * The places where libh2o 2.2.5 (the last release, what distributions ship) and
 * its master branch differ for us. Nothing else in the daemon asks for a version.
 */
#ifndef QRNGD_H2O_COMPAT_H
#define QRNGD_H2O_COMPAT_H

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <h2o.h>
#include <h2o/version.h>
#if H2O_VERSION_MAJOR != 2 || H2O_VERSION_MINOR != 2
#include <h2o/http2_internal.h>
#endif

#define QRNGD_H2O_RELEASE (H2O_VERSION_MAJOR == 2 && H2O_VERSION_MINOR == 2)

/*
 * HTTP/2 in the release has holes that nobody closes any more (reset floods; 50
 * bytes of memory for each byte of header fields), so there it is the operator's
 * decision.
 */
#define QRNGD_HTTP2_DEFAULT (!QRNGD_H2O_RELEASE)

/* The release knows nothing of it. */
#define QRNGD_HTTP3 (!QRNGD_H2O_RELEASE)

/* A call that is made when everything that can be read now has been read. */
#if QRNGD_H2O_RELEASE
typedef h2o_timeout_entry_t qrngd_deferral;
#else
typedef h2o_timer_t qrngd_deferral;
#endif

static inline void qrngd_defer(h2o_context_t *ctx, qrngd_deferral *deferral,
			       void (*call)(qrngd_deferral *deferral))
{
	memset(deferral, 0, sizeof(*deferral));
	deferral->cb = call;
#if QRNGD_H2O_RELEASE
	h2o_timeout_link(ctx->loop, &ctx->zero_timeout, deferral);
#else
	h2o_timer_link(ctx->loop, 0, deferral);
#endif
}

static inline void qrngd_deferral_cancel(qrngd_deferral *deferral)
{
#if QRNGD_H2O_RELEASE
	h2o_timeout_unlink(deferral);
#else
	h2o_timer_unlink(deferral);
#endif
}

static inline void *qrngd_pool_alloc(h2o_mem_pool_t *pool, size_t len)
{
#if QRNGD_H2O_RELEASE
	return h2o_mem_alloc_pool(pool, len);
#else
	return h2o_mem_alloc_pool_aligned(pool, sizeof(void *), len);
#endif
}

/*
 * Return: whether a request's body is known to have a length that was told once, before it
 * came. Both take the first length of several; but the release keeps the head right before
 * the body, where a second one is seen.
 */
static inline bool qrngd_h2o_body_is_counted(h2o_req_t *req)
{
#if QRNGD_H2O_RELEASE
	static const char length[] = "content-length:", coding[] = "transfer-encoding:";
	const h2o_buffer_t *input = req->conn->callbacks->get_socket(req->conn)->input;
	size_t left = (size_t)(req->entity.base - input->bytes);
	const char *end = req->entity.base, *line = input->bytes;
	unsigned int lengths = 0;

	if (req->version >= 0x200 || left > input->size)
		return false;
	for (; line; line = memchr(line, '\n', left)) {
		line += *line == '\n';
		left = (size_t)(end - line);
		if (left >= sizeof(coding) && memcmp(line, coding, sizeof(coding) - 1) == 0)
			return false;
		if (left >= sizeof(length) && memcmp(line, length, sizeof(length) - 1) == 0)
			lengths++;
	}
	return lengths == 1;
#else
	(void)req;
	return false;
#endif
}

/* After a change of the path. */
static inline void qrngd_h2o_normalize_path(h2o_req_t *req)
{
#if QRNGD_H2O_RELEASE
	req->path_normalized = h2o_url_normalize_path(&req->pool, req->path.base, req->path.len,
						      &req->query_at, &req->norm_indexes);
#else
	int null_found;

	req->path_normalized = h2o_url_normalize_path(&req->pool, req->path.base, req->path.len,
						      &req->query_at, &req->norm_indexes,
						      &null_found);
#endif
}

/* What passes through an output filter. */
#if QRNGD_H2O_RELEASE
typedef h2o_iovec_t qrngd_h2o_buffer;
#else
typedef h2o_sendvec_t qrngd_h2o_buffer;
#endif

/* The bytes of one that is all in memory, as the library's own texts are. */
static inline const char *qrngd_h2o_buffer_text(const qrngd_h2o_buffer *buffer)
{
#if QRNGD_H2O_RELEASE
	return buffer->base;
#else
	return buffer->raw;
#endif
}

static inline void qrngd_h2o_buffer_set(qrngd_h2o_buffer *buffer, h2o_iovec_t text)
{
#if QRNGD_H2O_RELEASE
	*buffer = text;
#else
	h2o_sendvec_init_raw(buffer, text.base, text.len);
#endif
}

/* @size: of a structure that begins with one */
static inline h2o_ostream_t *qrngd_h2o_add_stream(h2o_req_t *req, size_t size, h2o_ostream_t **slot)
{
#if QRNGD_H2O_RELEASE
	return h2o_add_ostream(req, size, slot);
#else
	return h2o_add_ostream(req, _Alignof(h2o_ostream_t), size, slot);
#endif
}

/*
 * The master branch gives up on a peer that has not taken one piece of an answer in
 * this time, however steadily it reads; connection.c does that better for all.
 */
static inline void qrngd_h2o_no_write_timeout(h2o_globalconf_t *config)
{
#if QRNGD_H2O_RELEASE
	(void)config;
#else
	config->http1.req_io_timeout = UINT64_C(24) * 3600 * 1000;
#endif
}

/* HTTP/3: an idle peer's time, and how much it may send before it is understood. */
static inline void qrngd_h2o_limit_http3(h2o_globalconf_t *config, uint64_t idle_ms, uint32_t bytes)
{
#if QRNGD_H2O_RELEASE
	(void)config;
	(void)idle_ms;
	(void)bytes;
#else
	config->http3.idle_timeout = (int64_t)idle_ms;
	config->http3.active_stream_window_size = bytes;
#endif
}

/*
 * Give memory back that the library keeps for the thread: some of it between two
 * rounds of the loop, all at the end of the thread. The release keeps little enough.
 * Return: milliseconds until it wants to be called again.
 */
static inline uint64_t qrngd_h2o_collect(h2o_context_t *ctx)
{
#if QRNGD_H2O_RELEASE
	(void)ctx;
	return INT32_MAX;
#else
	return h2o_cleanup_thread(h2o_now(ctx->loop), ctx);
#endif
}

static inline void qrngd_h2o_end_thread(void)
{
#if !QRNGD_H2O_RELEASE
	/* h2o_cleanup_thread() means to by a time of 0, which it takes for too early. */
	h2o_buffer_clear_recycle(1);
	h2o_socket_clear_recycle(1);
	h2o_mem_clear_recycle(&h2o_mem_pool_allocator, 1);
#endif
}

#if QRNGD_H2O_RELEASE
/*
 * Only the reading side is shut: what has been received already is still read and
 * answered, and then the library meets the end of the stream and closes.
 */
static inline int qrngd_h2o_shut_if_idle(h2o_req_t *req, void *unused)
{
	(void)unused;
	if (req->version == 0)
		shutdown(h2o_socket_get_fd(req->conn->callbacks->get_socket(req->conn)), SHUT_RD);
	return 0;
}
#endif

#if !QRNGD_H2O_RELEASE
/*
 * Return: whether an idle connection has been told of the end. HTTP/2 alone, which alone can
 * push, has idle ones that were. A second time puts a timer where it may be already; a library
 * with assertions ends the process then.
 */
static inline bool qrngd_h2o_is_told(const h2o_conn_t *conn)
{
	const h2o_http2_conn_t *http2 = (const h2o_http2_conn_t *)conn;

	return conn->callbacks->push_path && http2->_graceful_shutdown_timeout.cb;
}
#endif

/* HTTP/2 connections close by themselves after h2o_context_request_shutdown(). */
static inline void qrngd_h2o_close_idle(h2o_context_t *ctx)
{
#if QRNGD_H2O_RELEASE
	ctx->globalconf->http1.callbacks.foreach_request(ctx, qrngd_h2o_shut_if_idle, NULL);
#else
	h2o_linklist_t *link, *next;

	for (link = ctx->_conns.idle.next; link != &ctx->_conns.idle; link = next) {
		h2o_conn_t *conn = H2O_STRUCT_FROM_MEMBER(h2o_conn_t, _conns, link);

		next = link->next;
		if (!qrngd_h2o_is_told(conn))
			conn->callbacks->close_idle_connection(conn);
	}
#endif
}

#endif /* QRNGD_H2O_COMPAT_H */
