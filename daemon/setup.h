/* SPDX-License-Identifier: MIT */
/*
 * What can be replaced while the daemon runs: settings, and what is made of the files
 * they name. All of it or nothing, by one thread; the others go on with what they hold
 * until they are between two requests.
 */
#ifndef QRNGD_SETUP_H
#define QRNGD_SETUP_H

#include "admin.h"
#include "keys.h"
#include "options.h"
#include "proxy.h"
#include "quic.h"
#include "sign.h"
#include "tls.h"

/**
 * struct qrngd_setup - read only once it is made
 * @holders: who still needs it
 * @options: all settings
 * @signer: the key of signed answers
 * @public_log: where statements of signed answers go, -1: nowhere
 * @access_log: where a line of each request goes, -1: nowhere
 * @tls: what connections with TLS begin with, NULL: there are none
 * @quic: what those over QUIC begin with, NULL: there are none
 * @admin: who may change settings
 * @keys: who may have random bytes
 * @proxies: who may say for whom it asks
 */
struct qrngd_setup {
	_Atomic unsigned int holders;
	struct qrngd_options options;
	struct qrngd_signer signer;
	int public_log;
	int access_log;
	SSL_CTX *tls;
	struct qrngd_quic *quic;
	struct qrngd_admin admin;
	struct qrngd_keys keys;
	struct qrngd_proxies proxies;
};

/**
 * qrngd_setup_make() - make one, held by the caller
 * @options: all settings; taken over and left empty, whatever comes of it
 * @before: the one it is to replace, NULL at the start: a key that was made for this run
 *	stays the same
 *
 * Return: the setup, or NULL after a line has said why not.
 */
struct qrngd_setup *qrngd_setup_make(struct qrngd_options *options,
				     const struct qrngd_setup *before);

/** qrngd_setup_hold() - need it, too */
struct qrngd_setup *qrngd_setup_hold(struct qrngd_setup *setup);

/** qrngd_setup_drop() - need it no more; the last one wipes and frees it */
void qrngd_setup_drop(struct qrngd_setup *setup);

#endif /* QRNGD_SETUP_H */
