// SPDX-License-Identifier: MIT
/*
 * qrngd: random bytes over HTTP.
 */
#include <stdlib.h>
#include <sys/prctl.h>

#include <gcrypt.h>

#include "engine.h"
#include "host_gcrypt.h"
#include "log.h"
#include "options.h"
#include "qrng.h"
#include "server.h"

static void announce(const struct qrngd_options *options)
{
	qrngd_log("version " QRNG_VERSION ", libh2o " H2O_VERSION ", libgcrypt %s",
		  gcry_check_version(NULL));
	if (!options->http2)
		qrngd_log("protocols: HTTP/1.1 (HTTP/2 is off)");
	else if (QRNGD_H2O_RELEASE)
		qrngd_log("protocols: HTTP/1.1, HTTP/2 cleartext: this libh2o has known holes in "
			  "HTTP/2, offer it to a trusted network only");
	else
		qrngd_log("protocols: HTTP/1.1, HTTP/2 cleartext");
}

int main(int argc, char **argv)
{
	static struct qrngd_options options;
	static struct qrngd_server server;
	struct qrngd_engine *engine;
	int status = EXIT_FAILURE;

	switch (qrngd_options_parse(&options, argc, argv)) {
	case QRNGD_OPTIONS_DONE:
		return EXIT_SUCCESS;
	case QRNGD_OPTIONS_BAD:
		return EXIT_FAILURE;
	case QRNGD_OPTIONS_RUN:
		break;
	}
	/* Keys are in this process: no core file, no debugger of the same user. */
	prctl(PR_SET_DUMPABLE, 0);
	qrngd_server_block_signals();
	/* Each thread has a generator, and the engine may have one. */
	if (qrngd_host_init(options.threads + 1) != 0)
		goto err_host;
	announce(&options);
	engine = qrngd_engine_open(&options);
	if (!engine)
		goto err_engine;
	if (qrngd_server_open(&server, &options, engine) != 0)
		goto err_server;
	qrngd_server_run(&server);
	status = EXIT_SUCCESS;
	qrngd_server_close(&server);
err_server:
	qrngd_engine_close(engine);
err_engine:
err_host:
	return status;
}
