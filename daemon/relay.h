/* SPDX-License-Identifier: MIT */
/*
 * From one thread to another, packets of HTTP/3: the kernel shares them out by both ends'
 * addresses, so that those of a client that has got another one, from a NAT or by changing
 * its network, come to any thread, and not to that which has the connection.
 */
#ifndef QRNGD_RELAY_H
#define QRNGD_RELAY_H

#include "h2o_compat.h"

/**
 * struct qrngd_relay - the way to one thread; what it cannot take is lost, as packets are
 * @in: where it reads, -1: given away
 * @out: where the others write
 */
struct qrngd_relay {
	int in;
	int out;
};

/**
 * qrngd_relay_open() - make one
 * @relay: filled in; both ends are -1 if this fails
 *
 * Return: 0, or -1 with errno.
 */
int qrngd_relay_open(struct qrngd_relay *relay);

/** qrngd_relay_close() - close what was not given away */
void qrngd_relay_close(struct qrngd_relay *relay);

#if QRNGD_HTTP3
#include <h2o/http3_server.h>

/**
 * qrngd_relay_send() - hand packets over
 * @relay: the way to the thread that has their connection
 * @own: where they came to
 * @from: where they came from
 * @packets: the packets
 * @count: how many
 */
void qrngd_relay_send(const struct qrngd_relay *relay, const quicly_address_t *own,
		      const quicly_address_t *from, const quicly_decoded_packet_t *packets,
		      size_t count);

/**
 * qrngd_relay_unwrap() - make a packet what it was before it was handed over
 * @ctx: the library's
 * @message: as it was read, from a relay or from the network
 * @own: where it came to
 * @from: where it came from
 * @ttl: set to 0 for one that was handed over: it is not once more
 *
 * Return: 1, or 0 for what is no packet, as the library wants it.
 */
int qrngd_relay_unwrap(h2o_quic_ctx_t *ctx, struct msghdr *message, quicly_address_t *own,
		       quicly_address_t *from, uint8_t *ttl);
#endif

#endif /* QRNGD_RELAY_H */
