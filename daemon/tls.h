/* SPDX-License-Identifier: MIT */
/* TLS: what connections to listen-tls begin with. */
#ifndef QRNGD_TLS_H
#define QRNGD_TLS_H

#include <openssl/ssl.h>

#include "options.h"

/** enum qrngd_client_auth - must clients have certificates? */
enum qrngd_client_auth {
	QRNGD_CLIENT_AUTH_OFF,
	QRNGD_CLIENT_AUTH_OPTIONAL, /* but one that is sent must be good */
	QRNGD_CLIENT_AUTH_REQUIRE,
};

/** enum qrngd_tls_version - the oldest that is spoken */
enum qrngd_tls_version {
	QRNGD_TLS_1_2,
	QRNGD_TLS_1_3,
};

/**
 * qrngd_tls_open() - read certificate, key and the rest
 * @options: all settings
 * @tls: filled in, for SSL_CTX_free(); NULL if nobody is listened to with TLS
 *
 * Return: 0, or -1 after a line has said what is wrong.
 */
int qrngd_tls_open(const struct qrngd_options *options, SSL_CTX **tls);

#endif /* QRNGD_TLS_H */
