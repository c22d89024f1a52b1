// SPDX-License-Identifier: MIT
#include "setup.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access_log.h"
#include "log.h"
#include "logfile.h"
#include "sandbox.h"

static int open_signer(struct qrngd_setup *setup, const struct qrngd_setup *before)
{
	const char *path = setup->options.signing_key;

	if (!path && before && before->signer.ephemeral) {
		qrngd_signer_share(&setup->signer, &before->signer);
		return 0;
	}
	return qrngd_signer_open(&setup->signer, path);
}

static int open_public_log(struct qrngd_setup *setup)
{
	const char *path = setup->options.public_log;

	setup->public_log = path ? qrngd_logfile_open("public-log", path) : -1;
	return path && setup->public_log < 0 ? -1 : 0;
}

struct qrngd_setup *qrngd_setup_make(struct qrngd_options *options,
				     const struct qrngd_setup *before)
{
	struct qrngd_setup *setup = calloc(1, sizeof(*setup));

	if (!setup) {
		qrngd_log("out of memory");
		goto err_setup;
	}
	setup->options = *options;
	memset(options, 0, sizeof(*options));
	atomic_store(&setup->holders, 1);
	qrngd_proxy_read(&setup->proxies, &setup->options.trusted_proxy);
	if (before && qrngd_sandbox_check(&setup->options) != 0)
		goto err_signer;
	if (open_signer(setup, before) != 0)
		goto err_signer;
	if (open_public_log(setup) != 0)
		goto err_log;
	setup->access_log = qrngd_access_log_open(setup->options.access_log);
	if (setup->access_log < -1)
		goto err_access_log;
	if (qrngd_tls_open(&setup->options, &setup->tls) != 0)
		goto err_tls;
	if (setup->options.http3 && qrngd_quic_open(setup->tls, &setup->quic) != 0)
		goto err_quic;
	if (qrngd_admin_read(&setup->admin, setup->options.admin_token) != 0)
		goto err_admin;
	if (qrngd_keys_read(&setup->keys, setup->options.api_keys) != 0)
		goto err_keys;
	return setup;

err_keys:
err_admin:
	qrngd_quic_drop(setup->quic);
err_quic:
	SSL_CTX_free(setup->tls);
err_tls:
	qrngd_access_log_close(setup->access_log);
err_access_log:
	if (setup->public_log >= 0)
		close(setup->public_log);
err_log:
	qrngd_signer_close(&setup->signer);
err_signer:
	qrngd_options_free(&setup->options);
	free(setup);
err_setup:
	qrngd_options_free(options);
	return NULL;
}

struct qrngd_setup *qrngd_setup_hold(struct qrngd_setup *setup)
{
	atomic_fetch_add(&setup->holders, 1);
	return setup;
}

void qrngd_setup_drop(struct qrngd_setup *setup)
{
	if (atomic_fetch_sub(&setup->holders, 1) != 1)
		return;
	qrngd_quic_drop(setup->quic);
	SSL_CTX_free(setup->tls);
	qrngd_access_log_close(setup->access_log);
	if (setup->public_log >= 0)
		close(setup->public_log);
	qrngd_keys_free(&setup->keys);
	qrngd_signer_close(&setup->signer);
	qrngd_options_free(&setup->options);
	free(setup);
}
