// SPDX-License-Identifier: MIT
#include "retry.h"

#if QRNGD_HTTP3
#include <openssl/rand.h>
#include <picotls/openssl.h>

/* Whoever comes when there is no room tries the same one again for a while. */
#define RETRY_MS 30000

/* An address may be somebody else's after a while. */
#define RETURN_MS 600000

/* Of connection IDs that we choose: a block of AES. */
#define ID_LEN 16

static ptls_aead_context_t *make_aead(bool seals, const unsigned char *secret)
{
	return ptls_aead_new(&ptls_openssl_aes128gcm, &ptls_openssl_sha256, seals, secret,
			     "qrngd retry ");
}

static quicly_error_t give(quicly_generate_resumption_token_t *self, quicly_conn_t *conn,
			   ptls_buffer_t *to, quicly_address_token_plaintext_t *token)
{
	const struct qrngd_retry *retry = H2O_STRUCT_FROM_MEMBER(struct qrngd_retry, give, self);

	(void)conn;
	return quicly_encrypt_address_token(ptls_openssl_random_bytes, retry->seal, to, to->off,
					    token);
}

int qrngd_retry_init(struct qrngd_retry *retry)
{
	unsigned char secret[PTLS_SHA256_DIGEST_SIZE];

	if (RAND_bytes(secret, sizeof(secret)) != 1)
		return -1;
	retry->seal = make_aead(true, secret);
	retry->unseal = make_aead(false, secret);
	ptls_clear_memory(secret, sizeof(secret));
	retry->give.cb = give;
	if (retry->seal && retry->unseal)
		return 0;
	qrngd_retry_free(retry);
	return -1;
}

static void free_aead(ptls_aead_context_t **aead)
{
	if (*aead)
		ptls_aead_free(*aead);
	*aead = NULL;
}

void qrngd_retry_free(struct qrngd_retry *retry)
{
	free_aead(&retry->seal);
	free_aead(&retry->unseal);
	free_aead(&retry->integrity);
}

static bool is_fresh(quicly_context_t *quic, const quicly_address_token_plaintext_t *token)
{
	bool retry = token->type == QUICLY_ADDRESS_TOKEN_TYPE_RETRY;
	int64_t age = quic->now->cb(quic->now) - (int64_t)token->issued_at;

	return age <= (retry ? RETRY_MS : RETURN_MS);
}

/* One for the next time is good for any port. */
static bool is_for(const quicly_address_token_plaintext_t *token, quicly_address_t *from,
		   const quicly_decoded_packet_t *packet)
{
	bool retry = token->type == QUICLY_ADDRESS_TOKEN_TYPE_RETRY;

	if (h2o_socket_compare_address(&from->sa, (struct sockaddr *)&token->remote.sa, retry) != 0)
		return false;
	return !retry || (quicly_cid_is_equal(&token->retry.client_cid, packet->cid.src) &&
			  quicly_cid_is_equal(&token->retry.server_cid,
					      packet->cid.dest.encrypted));
}

bool qrngd_retry_proves(const struct qrngd_retry *retry, quicly_context_t *quic,
			quicly_address_t *from, const quicly_decoded_packet_t *packet,
			quicly_address_token_plaintext_t *token)
{
	const char *reason;

	if (!packet->token.len ||
	    quicly_decrypt_address_token(retry->unseal, token, packet->token.base,
					 packet->token.len, 0, &reason) != 0)
		return false;
	token->address_mismatch = 0;
	return is_fresh(quic, token) && is_for(token, from, packet);
}

void qrngd_retry_send(struct qrngd_retry *retry, h2o_quic_ctx_t *ctx, quicly_address_t *to,
		      quicly_address_t *own, const quicly_decoded_packet_t *packet)
{
	bool usual = packet->version == QUICLY_PROTOCOL_VERSION_1;
	uint8_t id[ID_LEN], bytes[QUICLY_MIN_CLIENT_INITIAL_SIZE];
	struct iovec datagram = { .iov_base = bytes };

	if (RAND_bytes(id, sizeof(id)) != 1)
		return;
	datagram.iov_len = quicly_send_retry(
		ctx->quic, retry->seal, packet->version, &to->sa, packet->cid.src, &own->sa,
		ptls_iovec_init(id, sizeof(id)), packet->cid.dest.encrypted,
		ptls_iovec_init(NULL, 0), ptls_iovec_init(NULL, 0),
		usual ? &retry->integrity : NULL, bytes);
	if (datagram.iov_len != SIZE_MAX)
		h2o_quic_send_datagrams(ctx, to, own, &datagram, 1, 0);
}
#endif
