/* SPDX-License-Identifier: MIT */
/*
 * Whether a client is where it says (RFC 9000, 8.1.2): before anything is kept or computed
 * for it, it is sent a token that it has to come back with. Whoever forges addresses gets
 * nothing for them: a token is smaller than what asked for it, and costs one encryption.
 * Whoever has been here is given another for the next time, which saves the way there and back.
 */
#ifndef QRNGD_RETRY_H
#define QRNGD_RETRY_H

#include "h2o_compat.h"

#if QRNGD_HTTP3
#include <h2o/http3_server.h>

/**
 * struct qrngd_retry - of one thread, which meets its own tokens again
 * @give: by which the library asks for a token for the next time
 * @seal: makes tokens
 * @unseal: reads them
 * @integrity: kept for the check value of the packets they are sent in
 */
struct qrngd_retry {
	quicly_generate_resumption_token_t give;
	ptls_aead_context_t *seal;
	ptls_aead_context_t *unseal;
	ptls_aead_context_t *integrity;
};

/**
 * qrngd_retry_init() - make a key for this run
 * @retry: zeroed memory
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_retry_init(struct qrngd_retry *retry);

/** qrngd_retry_free() - wipe and free what was made; NULL contexts are passed over */
void qrngd_retry_free(struct qrngd_retry *retry);

/**
 * qrngd_retry_proves() - has a client come with a token of ours?
 * @retry: the thread's
 * @quic: with its clock
 * @from: where the packet came from
 * @packet: its first
 * @token: filled in if so, and something may be in it otherwise
 */
bool qrngd_retry_proves(const struct qrngd_retry *retry, quicly_context_t *quic,
			quicly_address_t *from, const quicly_decoded_packet_t *packet,
			quicly_address_token_plaintext_t *token);

/**
 * qrngd_retry_send() - send a token
 * @retry: the thread's
 * @ctx: where the packet came in
 * @to: where it came from
 * @own: the address that it came to
 * @packet: the packet
 */
void qrngd_retry_send(struct qrngd_retry *retry, h2o_quic_ctx_t *ctx, quicly_address_t *to,
		      quicly_address_t *own, const quicly_decoded_packet_t *packet);
#endif

#endif /* QRNGD_RETRY_H */
