/* SPDX-License-Identifier: MIT */
/*
 * What QUIC's handshakes are made with: the certificate and key that connections with TLS
 * over TCP have, too, for the library beside OpenSSL that libh2o speaks QUIC with.
 */
#ifndef QRNGD_QUIC_H
#define QRNGD_QUIC_H

#include "h2o_compat.h"

#include <openssl/ssl.h>

#if QRNGD_HTTP3
#include <picotls.h>

struct qrngd_quic;

/**
 * qrngd_quic_open() - take certificates and key over
 * @tls: what connections over TCP begin with
 * @quic: filled in, for qrngd_quic_drop()
 *
 * Nobody is remembered from one connection to the next: there are no tickets, and no
 * request comes before the handshake's end, where it could be replayed.
 *
 * Return: 0, or -1 after a line has said what is wrong.
 */
int qrngd_quic_open(SSL_CTX *tls, struct qrngd_quic **quic);

/** qrngd_quic_hold() - need it, too; any thread may */
struct qrngd_quic *qrngd_quic_hold(struct qrngd_quic *quic);

/** qrngd_quic_drop() - need it no more; the last one frees it. NULL is none. */
void qrngd_quic_drop(struct qrngd_quic *quic);

/** qrngd_quic_tls() - as the library wants it; not to be changed */
ptls_context_t *qrngd_quic_tls(struct qrngd_quic *quic);
#else
/* Settings that ask for it are refused, so that there is never one. */
struct qrngd_quic;

static inline int qrngd_quic_open(SSL_CTX *tls, struct qrngd_quic **quic)
{
	(void)tls;
	(void)quic;
	return -1;
}

static inline void qrngd_quic_drop(struct qrngd_quic *quic)
{
	(void)quic;
}
#endif

#endif /* QRNGD_QUIC_H */
