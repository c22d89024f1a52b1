// SPDX-License-Identifier: MIT
#include "quic.h"

#if QRNGD_HTTP3
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <picotls/openssl.h>
#include <quicly.h>

#include "log.h"

/**
 * struct qrngd_quic - read only once it is made
 * @tls: the library's context
 * @sign: how it proves to have the key
 * @holders: who still needs it
 */
struct qrngd_quic {
	ptls_context_t tls;
	ptls_openssl_sign_certificate_t sign;
	_Atomic unsigned int holders;
};

/* RFC 9114, 3.1: a client that does not offer HTTP/3 gets no connection. */
static int choose_protocol(ptls_on_client_hello_t *self, ptls_t *tls,
			   ptls_on_client_hello_parameters_t *hello)
{
	static const char protocol[] = "h3";
	const ptls_iovec_t *offered = hello->negotiated_protocols.list;
	size_t i;

	(void)self;
	for (i = 0; i < hello->negotiated_protocols.count; i++)
		if (offered[i].len == strlen(protocol) &&
		    memcmp(offered[i].base, protocol, offered[i].len) == 0)
			return ptls_set_negotiated_protocol(tls, protocol, strlen(protocol));
	return PTLS_ALERT_NO_APPLICATION_PROTOCOL;
}

static ptls_on_client_hello_t on_client_hello = { choose_protocol };

static void free_certificates(ptls_context_t *tls)
{
	size_t i;

	for (i = 0; i < tls->certificates.count; i++)
		free(tls->certificates.list[i].base);
	free(tls->certificates.list);
}

static void prepare(ptls_context_t *tls)
{
	*tls = (ptls_context_t){
		.random_bytes = ptls_openssl_random_bytes,
		.get_time = &ptls_get_time,
		.key_exchanges = ptls_openssl_key_exchanges,
		.cipher_suites = ptls_openssl_cipher_suites,
		.on_client_hello = &on_client_hello,
		.server_cipher_preference = 1,
		.server_cipher_chacha_priority = 1,
	};
	quicly_amend_ptls_context(tls);
}

static int take_over(struct qrngd_quic *quic, SSL_CTX *tls)
{
	STACK_OF(X509) *chain = NULL;

	SSL_CTX_get0_chain_certs(tls, &chain);
	if (ptls_openssl_load_certificates(&quic->tls, SSL_CTX_get0_certificate(tls), chain) != 0) {
		qrngd_log("http3 on: the certificates cannot be read again for QUIC");
		return -1;
	}
	if (ptls_openssl_init_sign_certificate(&quic->sign, SSL_CTX_get0_privatekey(tls)) != 0) {
		qrngd_log("http3 on: a tls-key of RSA, ECDSA or Ed25519 is needed for QUIC");
		return -1;
	}
	quic->tls.sign_certificate = &quic->sign.super;
	return 0;
}

int qrngd_quic_open(SSL_CTX *tls, struct qrngd_quic **quic)
{
	struct qrngd_quic *made = calloc(1, sizeof(*made));

	if (!made) {
		qrngd_log("out of memory");
		return -1;
	}
	prepare(&made->tls);
	if (take_over(made, tls) != 0) {
		free_certificates(&made->tls);
		free(made);
		return -1;
	}
	atomic_store(&made->holders, 1);
	*quic = made;
	return 0;
}

struct qrngd_quic *qrngd_quic_hold(struct qrngd_quic *quic)
{
	atomic_fetch_add(&quic->holders, 1);
	return quic;
}

void qrngd_quic_drop(struct qrngd_quic *quic)
{
	if (!quic || atomic_fetch_sub(&quic->holders, 1) != 1)
		return;
	ptls_openssl_dispose_sign_certificate(&quic->sign);
	free_certificates(&quic->tls);
	free(quic);
}

ptls_context_t *qrngd_quic_tls(struct qrngd_quic *quic)
{
	return &quic->tls;
}
#endif
