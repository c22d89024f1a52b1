// SPDX-License-Identifier: MIT
#include "build.h"

#include <gcrypt.h>

#include "h2o_compat.h"
#include "log.h"
#include "qrng.h"

void qrngd_build_announce(const struct qrngd_options *options)
{
	qrngd_log("version " QRNG_VERSION ", libh2o " H2O_VERSION ", libgcrypt %s",
		  gcry_check_version(NULL));
	if (!options->http2)
		qrngd_log("protocols: HTTP/1.1%s (HTTP/2 is off)",
			  options->http3 ? ", HTTP/3" : "");
	else if (QRNGD_H2O_RELEASE)
		qrngd_log("protocols: HTTP/1.1, HTTP/2: this libh2o has known holes in "
			  "HTTP/2, offer it to a trusted network only");
	else
		qrngd_log("protocols: HTTP/1.1, HTTP/2%s", options->http3 ? ", HTTP/3" : "");
}

void qrngd_build_write(struct qrngd_json *json, const struct qrngd_options *options)
{
	qrngd_json_word(json, "version", QRNG_VERSION);
	qrngd_json_word(json, "library", "libh2o " H2O_VERSION);
	qrngd_json_open(json, "protocols", '[');
	qrngd_json_word(json, NULL, "http/1.1");
	if (options->http2)
		qrngd_json_word(json, NULL, "h2c");
	if (qrngd_options_tls(options))
		qrngd_json_word(json, NULL, "tls");
	if (options->http3)
		qrngd_json_word(json, NULL, "h3");
	qrngd_json_close(json, ']');
}
