// SPDX-License-Identifier: MIT
#include "setting.h"

#include "h2o_compat.h"
#include "qrng.h"

#define SECONDS_MAX 86400
#define BYTES_MAX   (1 << 30)

static const char *const off_on[] = { "off", "on", NULL };
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
		AT(listen),
		.fallback = "127.0.0.1:8080",
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
		.doc = "connections open at one time; more wait to be accepted",
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
		.doc = "offer HTTP/2",
		.why = "libh2o 2.2 has holes in HTTP/2 that nobody closes any more, so there it is "
		       "off; on with a newer libh2o",
		.type = QRNGD_SETTING_WORD,
		AT(http2),
		.words = off_on,
		.fallback = QRNGD_HTTP2_DEFAULT ? "on" : "off",
	},
	{
		.name = "engine",
		.section = "engine",
		.argument = "WHICH",
		.doc = "device: the qrng kernel module; embedded: a generator in this process; "
		       "auto: device if it exists",
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
		AT(source),
	},
	{
		.name = "signing-key",
		.section = "signatures",
		.argument = "FILE",
		.doc = "Ed25519 key (PEM) for signed answers",
		.why = "a key that nobody placed can only speak for one run",
		.type = QRNGD_SETTING_PATH,
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
		.name = "admin-socket",
		.section = "admin",
		.argument = "PATH",
		.doc = "a unix socket for root and the daemon's own user, who may change settings "
		       "over it",
		.why = "nobody gets to it who was not asked for",
		.type = QRNGD_SETTING_PATH,
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
		AT(admin_token),
		.runtime = true,
	},
	{ 0 },
};

_Static_assert(sizeof(qrngd_settings) / sizeof(qrngd_settings[0]) <= QRNGD_SETTINGS_MAX,
	       "each has a place in struct qrngd_options");
