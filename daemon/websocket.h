/* SPDX-License-Identifier: MIT */
/* A flow as WebSocket messages (RFC 6455). */
#ifndef QRNGD_WEBSOCKET_H
#define QRNGD_WEBSOCKET_H

#include "flow.h"

/**
 * struct qrngd_message_kind - what messages hold
 * @binary: they are bytes, else text
 * @size: the most a message takes, for a portion of @portion bytes
 * @make: draw @len bytes from @supply and write the message about them to @to; returns
 *	its length
 */
struct qrngd_message_kind {
	bool binary;
	size_t (*size)(size_t portion);
	size_t (*make)(struct qrngd_supply *supply, uint8_t *to, size_t len);
};

/** qrngd_messages_raw - a message is a portion */
extern const struct qrngd_message_kind qrngd_messages_raw;

/**
 * qrngd_websocket_wanted() - does a request ask for a WebSocket?
 * @req: the request
 *
 * Only HTTP/1.1 knows how to ask here.
 */
bool qrngd_websocket_wanted(h2o_req_t *req);

/**
 * qrngd_websocket_answer() - answer with a flow of messages
 * @call: a request that asks for a WebSocket; this is its answer
 * @kind: what the messages are to hold
 */
void qrngd_websocket_answer(struct qrngd_call *call, const struct qrngd_message_kind *kind);

#endif /* QRNGD_WEBSOCKET_H */
