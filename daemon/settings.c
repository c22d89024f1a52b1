// SPDX-License-Identifier: MIT
#include "setting.h"

#include "h2o_compat.h"
#include "lokey/queues.h"
#include "qrng.h"

#define SECONDS_MAX 86400
#define BYTES_MAX   (1 << 30)

/* Ten times as many are less than 2^32, which is what a bucket holds. */
#define REQUESTS_MAX   1000000
#define RATE_BYTES_MAX (1 << 28)

/* In the order of enum qrngd_log_format. */
static const char *const log_formats[] = { "text", "json", NULL };

static const char *const false_true[] = { "false", "true", NULL };
static const char *const off_on[] = { "off", "on", NULL };
static const char *const client_auths[] = { "off", "optional", "require", NULL };
static const char *const tls_versions[] = { "1.2", "1.3", NULL };
static const char *const lokey_places[] = { "off", "on", "prefix", NULL };
static const char *const lokey_trusts[] = { "token", "loopback", NULL };
static const char *const engines[] = { "auto", "device", "embedded", NULL };

#define AT(member_) .at = offsetof(struct qrngd_options, member_)

const struct qrngd_setting qrngd_settings[] = {
	{
		.name = "listen",
		.section = "server",
		.argument = "ADDR:PORT",
		.doc = "where to listen: 127.0.0.1:8080, [::1]:8080 or unix:PATH; port 0 takes a "
		       "free one; can be given again",
		.why = "nobody outside can reach it until its operator decides so",
		.type = QRNGD_SETTING_ADDRESSES,
		.opens = QRNGD_OPENS_SOCKET,
		AT(listen),
		.fallback = "127.0.0.1:8080",
	},
	{
		.name = "listen-tls",
		.section = "server",
		.argument = "ADDR:PORT",
		.doc = "where to listen for TLS; can be given again",
		.why = "it needs a certificate",
		.type = QRNGD_SETTING_ADDRESSES,
		.opens = QRNGD_OPENS_SOCKET,
		AT(listen_tls),
	},
	{
		.name = "threads",
		.section = "server",
		.argument = "N",
		.doc = "event loops",
		.why = "requests share nothing, so each CPU can have a loop of its own",
		.type = QRNGD_SETTING_NUMBER,
		AT(threads),
		.min = 1,
		.max = 512,
		.usual = "one for each CPU",
	},
	{
		.name = "max-connections",
		.section = "server",
		.argument = "N",
		.doc = "connections open at one time; more are refused with 503",
		.why = "slow readers of long answers hold 140 KiB each, so 140 MiB at the worst",
		.type = QRNGD_SETTING_NUMBER,
		AT(max_connections),
		.min = 1,
		.max = 1000000,
		.fallback = "1024",
		.runtime = true,
	},
	{
		.name = "idle-timeout",
		.section = "server",
		.argument = "SEC",
		.unit = "seconds",
		.doc = "close a connection that is idle, or has not sent the whole head of a "
		       "request, for so long",
		.why = "whoever has something to ask does so at once; a new connection is cheap",
		.type = QRNGD_SETTING_NUMBER,
		AT(idle_timeout_s),
		.min = 1,
		.max = SECONDS_MAX,
		.fallback = "10",
	},
	{
		.name = "stall-timeout",
		.section = "server",
		.argument = "SEC",
		.unit = "seconds",
		.doc = "close a connection whose peer takes nothing for so long",
		.why = "longer than networks stand still that come back, and too short to hoard",
		.type = QRNGD_SETTING_NUMBER,
		AT(stall_timeout_s),
		.min = 1,
		.max = SECONDS_MAX,
		.fallback = "30",
		.runtime = true,
	},
	{
		.name = "drain",
		.section = "server",
		.argument = "SEC",
		.unit = "seconds",
		.doc = "how long a stop waits for running answers",
		.why = "well within the 90 s after which service managers kill",
		.type = QRNGD_SETTING_NUMBER,
		AT(drain_s),
		.max = SECONDS_MAX,
		.fallback = "30",
		.runtime = true,
	},
	{
		.name = "http2",
		.section = "server",
		.argument = "on|off",
		.doc = "offer HTTP/2, with TLS (ALPN) and without",
		.why = "libh2o 2.2 has holes in HTTP/2 that nobody closes any more, so there it is "
		       "off; on with a newer libh2o",
		.type = QRNGD_SETTING_WORD,
		AT(http2),
		.words = off_on,
		.fallback = QRNGD_HTTP2_DEFAULT ? "on" : "off",
		.usual = "off with libh2o 2.2, on with a newer one",
	},
	{
		.name = "http3",
		.section = "server",
		.argument = "on|off",
		.doc = "offer HTTP/3 by UDP, too, on the addresses of listen-tls",
		.why = "libh2o 2.2 knows nothing of it, so there on is refused; newer ones call it "
		       "experimental",
		.type = QRNGD_SETTING_WORD,
		AT(http3),
		.words = off_on,
		.fallback = "off",
	},
	{
		.name = "trusted-proxy",
		.section = "server",
		.argument = "NET",
		.doc = "proxies that are believed when they say for whom they ask, in "
		       "X-Forwarded-For or Forwarded, e.g. 10.0.0.0/8; unix: whoever comes over a "
		       "unix socket; can be given again",
		.why = "anybody can write into these fields",
		.type = QRNGD_SETTING_NETWORKS,
		AT(trusted_proxy),
		.runtime = true,
	},
	{
		.name = "cors-origin",
		.section = "server",
		.argument = "ORIGIN",
		.doc = "web pages that may read answers and open WebSockets, e.g. "
		       "https://example.org; *: all; can be given again",
		.why = "a page that somebody visits should not use a daemon in their network "
		       "unasked",
		.type = QRNGD_SETTING_ORIGINS,
		AT(cors_origin),
		.runtime = true,
	},
	{
		.name = "tls-certificate",
		.section = "tls",
		.argument = "FILE",
		.doc = "the certificate (PEM), and behind it those that signed it",
		.why = "it has a name that only its owner knows",
		.type = QRNGD_SETTING_PATH,
		.opens = QRNGD_OPENS_FILE,
		AT(tls_certificate),
		.runtime = true,
	},
	{
		.name = "tls-key",
		.section = "tls",
		.argument = "FILE",
		.doc = "the certificate's key (PEM, without a pass phrase)",
		.why = "it belongs to the certificate",
		.type = QRNGD_SETTING_PATH,
		.opens = QRNGD_OPENS_FILE,
		AT(tls_key),
		.runtime = true,
	},
	{
		.name = "tls-client-auth",
		.section = "tls",
		.argument = "WHICH",
		.doc = "clients' certificates: off: not asked for; optional: checked if sent; "
		       "require: nobody is served without one",
		.why = "few clients have one",
		.type = QRNGD_SETTING_WORD,
		AT(tls_client_auth),
		.words = client_auths,
		.fallback = "off",
		.runtime = true,
	},
	{
		.name = "tls-client-ca",
		.section = "tls",
		.argument = "FILE",
		.doc = "certificates (PEM) of who signs those of clients",
		.why = "nobody is trusted to vouch for clients until told so",
		.type = QRNGD_SETTING_PATH,
		.opens = QRNGD_OPENS_FILE,
		AT(tls_client_ca),
		.runtime = true,
	},
	{
		.name = "tls-min-version",
		.section = "tls",
		.argument = "1.2|1.3",
		.doc = "the oldest version of TLS that is spoken",
		.why = "1.2 is sound with the ciphers below, and older clients need it",
		.type = QRNGD_SETTING_WORD,
		AT(tls_min_version),
		.words = tls_versions,
		.fallback = "1.2",
		.runtime = true,
	},
	{
		.name = "tls-ciphers",
		.section = "tls",
		.argument = "LIST",
		.doc = "ciphers of TLS 1.2 as of ciphers(1); those of TLS 1.3 are all good",
		.why = "forward secrecy and authenticated encryption, nothing else",
		.type = QRNGD_SETTING_TEXT,
		AT(tls_ciphers),
		.fallback = "ECDHE+AESGCM:ECDHE+CHACHA20",
		.runtime = true,
	},
	{
		.name = "engine",
		.section = "engine",
		.argument = "WHICH",
		.doc = "device: the qrng kernel module; embedded: a generator in this process; "
		       "auto: the device as long as it has a source, else embedded",
		.why = "quantum noise where there is a card, and an answer where there is none",
		.type = QRNGD_SETTING_WORD,
		AT(engine),
		.words = engines,
		.fallback = "auto",
	},
	{
		.name = "device",
		.section = "engine",
		.argument = "PATH",
		.doc = "the module's device",
		.why = "the module makes it under this name",
		.type = QRNGD_SETTING_PATH,
		AT(device),
		.fallback = "/dev/" QRNG_DRBG_DEVICE,
	},
	{
		.name = "source",
		.section = "engine",
		.argument = "PATH",
		.doc = "a device with raw noise for the embedded engine; it is tested, and always "
		       "mixed with the kernel's generator, which is the only source if none is "
		       "named; can be given again",
		.why = "what a file holds can't be guessed",
		.type = QRNGD_SETTING_PATHS,
		.opens = QRNGD_OPENS_DEVICE,
		AT(source),
	},
	{
		.name = "signing-key",
		.section = "signatures",
		.argument = "FILE",
		.doc = "Ed25519 key (PEM) for signed answers",
		.why = "a key that nobody placed can only speak for one run",
		.type = QRNGD_SETTING_PATH,
		.opens = QRNGD_OPENS_FILE,
		AT(signing_key),
		.usual = "a new one for each run",
		.runtime = true,
	},
	{
		.name = "public-log",
		.section = "signatures",
		.argument = "FILE",
		.doc = "append what is said of each signed answer; never its bytes",
		.why = "it grows with each such answer",
		.type = QRNGD_SETTING_PATH,
		.opens = QRNGD_OPENS_LOG,
		AT(public_log),
		.runtime = true,
	},
	{
		.name = "raw-rate",
		.section = "noise",
		.argument = "N",
		.unit = "bytes in a second",
		.doc = "raw noise (source=raw) that is given, over all clients; 0: none",
		.why = "a part of what one card makes, so that the generator never waits for its own",
		.type = QRNGD_SETTING_NUMBER,
		AT(raw_rate),
		.max = BYTES_MAX,
		.fallback = "65536",
		.runtime = true,
	},
	{
		.name = "raw-burst",
		.section = "noise",
		.argument = "N",
		.unit = "bytes",
		.doc = "raw noise that is given at once after a rest",
		.why = "what comes together in four seconds",
		.type = QRNGD_SETTING_NUMBER,
		AT(raw_burst),
		.min = 1,
		.max = BYTES_MAX,
		.fallback = "262144",
		.runtime = true,
	},
	{
		.name = "rate-requests",
		.section = "rate",
		.argument = "N",
		.unit = "requests in a second",
		.doc = "how many one address may make (of IPv6 its first 64 bits), and ten times as "
		       "many at once; 0: any number",
		.why = "clients behind a proxy have one address, unless trusted-proxy names it",
		.type = QRNGD_SETTING_NUMBER,
		AT(rate_requests),
		.max = REQUESTS_MAX,
		.fallback = "0",
		.runtime = true,
	},
	{
		.name = "rate-bytes",
		.section = "rate",
		.argument = "N",
		.unit = "bytes in a second",
		.doc = "how much one address is answered, and ten times as much at once; an answer "
		       "is charged when it has ended, and what is too much is waited for before the "
		       "next; 0: any amount",
		.why = "the same",
		.type = QRNGD_SETTING_NUMBER,
		AT(rate_bytes),
		.max = RATE_BYTES_MAX,
		.fallback = "0",
		.runtime = true,
	},
	{
		.name = "access-log",
		.section = "log",
		.argument = "FILE",
		.doc = "append a line for each request, without its query; -: standard error",
		.why = "who asks is nobody's business unless an operator needs to know",
		.type = QRNGD_SETTING_PATH,
		.opens = QRNGD_OPENS_LOG,
		AT(access_log),
		.runtime = true,
	},
	{
		.name = "log-format",
		.section = "log",
		.argument = "text|json",
		.doc = "lines of the access log and on standard error: text, or a JSON object each",
		.why = "people read them first",
		.type = QRNGD_SETTING_WORD,
		AT(log_format),
		.words = log_formats,
		.fallback = "text",
		.runtime = true,
	},
	{
		.name = "api-keys",
		.section = "access",
		.argument = "FILE",
		.doc = "file with the hashes and quotas of the keys that whoever wants random "
		       "bytes has to bring",
		.why = "who listens on its own machine only need not tell its users apart",
		.type = QRNGD_SETTING_PATH,
		.opens = QRNGD_OPENS_FILE,
		AT(api_keys),
		.usual = "nobody needs a key",
		.runtime = true,
	},
	{
		.name = "admin-socket",
		.section = "admin",
		.argument = "PATH",
		.doc = "a unix socket for root and the daemon's own user, who may change settings "
		       "over it",
		.why = "nobody gets to it who was not asked for",
		.type = QRNGD_SETTING_PATH,
		.opens = QRNGD_OPENS_SOCKET,
		AT(admin_socket),
	},
	{
		.name = "admin-token",
		.section = "admin",
		.argument = "FILE",
		.doc = "file with the SHA-256 of the token with which settings may be changed over "
		       "any listener, as sha256sum writes it",
		.why = "there is no token that everybody knows",
		.type = QRNGD_SETTING_PATH,
		.opens = QRNGD_OPENS_FILE,
		AT(admin_token),
		.runtime = true,
	},
#include "settings_fifo.inc"
#include "settings_lokey.inc"
#include "settings_queues.inc"
#include "settings_sandbox.inc"
	{ 0 },
};

_Static_assert(sizeof(qrngd_settings) / sizeof(qrngd_settings[0]) <= QRNGD_SETTINGS_MAX,
	       "each has a place in struct qrngd_options");
