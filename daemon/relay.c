// SPDX-License-Identifier: MIT
#include "relay.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

int qrngd_relay_open(struct qrngd_relay *relay)
{
	int ends[2] = { -1, -1 };
	int ret = socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);

	relay->in = ends[0];
	relay->out = ends[1];
	return ret;
}

void qrngd_relay_close(struct qrngd_relay *relay)
{
	if (relay->in >= 0)
		close(relay->in);
	if (relay->out >= 0)
		close(relay->out);
}

#if QRNGD_HTTP3
/** struct wrapping - what goes before a packet */
struct wrapping {
	quicly_address_t own;
	quicly_address_t from;
};

void qrngd_relay_send(const struct qrngd_relay *relay, const quicly_address_t *own,
		      const quicly_address_t *from, const quicly_decoded_packet_t *packets,
		      size_t count)
{
	struct wrapping wrapping = { .own = *own, .from = *from };
	size_t i;

	for (i = 0; i < count; i++) {
		struct iovec parts[] = {
			{ .iov_base = &wrapping, .iov_len = sizeof(wrapping) },
			{ .iov_base = packets[i].octets.base, .iov_len = packets[i].octets.len },
		};

		if (writev(relay->out, parts, 2) < 0)
			return;
	}
}

/* The network's packets have a sender; a relay's writing end has no name. */
int qrngd_relay_unwrap(h2o_quic_ctx_t *ctx, struct msghdr *message, quicly_address_t *own,
		       quicly_address_t *from, uint8_t *ttl)
{
	struct iovec *packet = message->msg_iov;
	struct wrapping wrapping;

	(void)ctx;
	if (message->msg_namelen)
		return 1;
	if (packet->iov_len <= sizeof(wrapping))
		return 0;
	memcpy(&wrapping, packet->iov_base, sizeof(wrapping));
	*own = wrapping.own;
	*from = wrapping.from;
	*ttl = 0;
	packet->iov_base = (uint8_t *)packet->iov_base + sizeof(wrapping);
	packet->iov_len -= sizeof(wrapping);
	return 1;
}
#endif
