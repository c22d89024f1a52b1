// SPDX-License-Identifier: MIT
#include "tls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "h2o_compat.h"
#include "log.h"

/*
 * A connection that is idle gives its buffers back. Nobody needs to be known again from
 * another connection but by a ticket, which costs no memory here and ends with its key:
 * that of this context, so that what a new configuration forbids is not resumed.
 */
static int set_modes(SSL_CTX *tls)
{
	unsigned char id[SSL_MAX_SID_CTX_LENGTH];

	SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_options(tls, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
					 SSL_OP_PRIORITIZE_CHACHA |
					 SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
	if (RAND_bytes(id, sizeof(id)) == 1 &&
	    SSL_CTX_set_session_id_context(tls, id, sizeof(id)) == 1)
		return 0;
	qrngd_log("TLS: no random bytes for sessions");
	return -1;
}

static void set_protocols(SSL_CTX *tls, bool http2)
{
	static const h2o_iovec_t protocols[] = {
		{ (char *)"h2", 2 }, { (char *)"http/1.1", 8 }, { NULL, 0 }
	};

	h2o_ssl_register_alpn_protocols(tls, http2 ? protocols : protocols + 1);
}

static int set_versions(SSL_CTX *tls, const struct qrngd_options *options)
{
	bool newest = options->tls_min_version == QRNGD_TLS_1_3;

	if (SSL_CTX_set_min_proto_version(tls, newest ? TLS1_3_VERSION : TLS1_2_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(tls, options->tls_ciphers) == 1)
		return 0;
	qrngd_log("tls-ciphers %s: a list as of ciphers(1) is needed, with ciphers of TLS 1.2",
		  options->tls_ciphers);
	return -1;
}

/* OpenSSL's reasons for a file that is not there are hard to read, ours are not. */
static int complain(const char *setting, const char *path, const char *needed)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		qrngd_log("%s %s: %s", setting, path, strerror(errno));
		return -1;
	}
	close(fd);
	qrngd_log("%s %s: %s is needed", setting, path, needed);
	return -1;
}

static void mention_expiry(SSL_CTX *tls, const char *path)
{
	const X509 *certificate = SSL_CTX_get0_certificate(tls);

	if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
		qrngd_log("tls-certificate %s: it has expired", path);
}

/* Where nobody sits there is nobody to ask for a pass phrase. */
static int no_phrase(char *phrase, int size, int writing, void *data)
{
	(void)phrase;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

static int read_own(SSL_CTX *tls, const struct qrngd_options *options)
{
	const char *certificate = options->tls_certificate, *key = options->tls_key;

	SSL_CTX_set_default_passwd_cb(tls, no_phrase);
	if (SSL_CTX_use_certificate_chain_file(tls, certificate) != 1)
		return complain("tls-certificate", certificate,
				"a certificate in PEM, and those that signed it behind it,");
	if (SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1)
		return complain("tls-key", key,
				"the certificate's key in PEM, without a pass phrase,");
	mention_expiry(tls, certificate);
	return 0;
}

static int read_client_ca(SSL_CTX *tls, const struct qrngd_options *options)
{
	int mode = SSL_VERIFY_PEER;
	STACK_OF(X509_NAME) *names;

	if (options->tls_client_auth == QRNGD_CLIENT_AUTH_OFF)
		return 0;
	if (options->tls_client_auth == QRNGD_CLIENT_AUTH_REQUIRE)
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	names = SSL_load_client_CA_file(options->tls_client_ca);
	if (!names || SSL_CTX_load_verify_file(tls, options->tls_client_ca) != 1) {
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		return complain("tls-client-ca", options->tls_client_ca, "certificates in PEM");
	}
	SSL_CTX_set_client_CA_list(tls, names);
	SSL_CTX_set_verify(tls, mode, NULL);
	return 0;
}

int qrngd_tls_open(const struct qrngd_options *options, SSL_CTX **tls)
{
	SSL_CTX *made;
	int ret = -1;

	*tls = NULL;
	if (!qrngd_options_tls(options))
		return 0;
	made = SSL_CTX_new(TLS_server_method());
	if (!made) {
		qrngd_log("TLS: out of memory");
		return -1;
	}
	set_protocols(made, options->http2);
	if (set_modes(made) == 0 && set_versions(made, options) == 0 &&
	    read_own(made, options) == 0)
		ret = read_client_ca(made, options);
	/* What OpenSSL has to say was said in other words. */
	ERR_clear_error();
	if (ret == 0)
		*tls = made;
	else
		SSL_CTX_free(made);
	return ret;
}
