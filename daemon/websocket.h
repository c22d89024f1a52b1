/* SPDX-License-Identifier: MIT */
/* A flow as WebSocket messages (RFC 6455). */
#ifndef QRNGD_WEBSOCKET_H
#define QRNGD_WEBSOCKET_H

#include "flow.h"

/**
 * struct qrngd_message_kind - what messages of text hold
 * @size: the most that making one takes, for a portion of so much
 * @make: draw @portion from @supply and write the message about it to @to, using no more
 *	than @size says; returns its length
 */
struct qrngd_message_kind {
	size_t (*size)(size_t portion);
	size_t (*make)(struct qrngd_supply *supply, char *to, size_t portion);
};

/**
 * qrngd_websocket_wanted() - does a request ask for a WebSocket?
 * @req: the request
 *
 * Only HTTP/1.1 knows how to ask here.
 */
bool qrngd_websocket_wanted(h2o_req_t *req);

/**
 * qrngd_websocket_answer() - answer with a flow of messages, a portion each
 * @call: a request that asks for a WebSocket; this is its answer
 * @flow: the flow, which is copied
 * @kind: what the messages are to hold; NULL: they are random bytes, and take no memory
 *	however long they are
 */
void qrngd_websocket_answer(struct qrngd_call *call, const struct qrngd_flow *flow,
			    const struct qrngd_message_kind *kind);

#endif /* QRNGD_WEBSOCKET_H */
