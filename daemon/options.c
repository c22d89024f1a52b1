// SPDX-License-Identifier: MIT
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h2o_compat.h"
#include "log.h"
#include "qrng.h"

#define THREADS_MAX	512
#define CONNECTIONS_MAX 1000000
#define SECONDS_MAX	86400
#define RAW_MAX		(1 << 30)

enum { /* long options without a short one */
       OPT_LISTEN = 256,
       OPT_ENGINE,
       OPT_SOURCE,
       OPT_DEVICE,
       OPT_THREADS,
       OPT_MAX_CONNECTIONS,
       OPT_DRAIN,
       OPT_STALL_TIMEOUT,
       OPT_SIGNING_KEY,
       OPT_PUBLIC_LOG,
       OPT_RAW_RATE,
       OPT_RAW_BURST,
       OPT_HTTP2,
       OPT_VERSION,
};

static const struct option long_options[] = {
	{ "listen", required_argument, NULL, OPT_LISTEN },
	{ "engine", required_argument, NULL, OPT_ENGINE },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "max-connections", required_argument, NULL, OPT_MAX_CONNECTIONS },
	{ "drain", required_argument, NULL, OPT_DRAIN },
	{ "stall-timeout", required_argument, NULL, OPT_STALL_TIMEOUT },
	{ "signing-key", required_argument, NULL, OPT_SIGNING_KEY },
	{ "public-log", required_argument, NULL, OPT_PUBLIC_LOG },
	{ "raw-rate", required_argument, NULL, OPT_RAW_RATE },
	{ "raw-burst", required_argument, NULL, OPT_RAW_BURST },
	{ "http2", required_argument, NULL, OPT_HTTP2 },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char help[] =
	"Usage: qrngd [OPTION]...\n"
	"Random bytes over HTTP, from a quantum noise source where there is one.\n"
	"\n"
	"  --listen ADDR:PORT     where to listen: 127.0.0.1:8080 (the default), [::1]:8080,\n"
	"                         unix:PATH; can be given again\n"
	"  --engine WHICH         device: the qrng kernel module; embedded: a generator in this\n"
	"                         process; auto (the default): device if it exists\n"
	"  --device PATH          the module's device (default /dev/" QRNG_DRBG_DEVICE ")\n"
	"  --source PATH          a device with raw noise for the embedded engine; can be given\n"
	"                         again. It is tested, and always mixed with the kernel's\n"
	"                         generator, which is the only source if none is named\n"
	"  --threads N            event loops, 1..512 (default: one for each CPU)\n"
	"  --max-connections N    open at one time, 1..1000000 (default 1024)\n"
	"  --stall-timeout SEC    close a connection whose peer takes nothing for so long\n"
	"                         (default 30)\n"
	"  --drain SEC            how long a stop waits for running answers (default 30)\n"
	"  --signing-key FILE     Ed25519 key (PEM) for signed answers (default: a new one for\n"
	"                         each run)\n"
	"  --public-log FILE      append what is said of each signed answer; never its bytes\n"
	"  --raw-rate N           bytes of raw noise given in a second, over all clients; 0: none\n"
	"                         (default 65536)\n"
	"  --raw-burst N          and at once after a rest, 1..1073741824 (default 262144)\n"
	"  --http2 on|off         offer HTTP/2 (default %s with this libh2o, " H2O_VERSION ")\n"
	"  --help, --version\n";

static unsigned int online_cpus(void)
{
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0)
		return 1;
	return (unsigned int)CPU_COUNT(&cpus);
}

/* Digits only: strtoul alone takes signs, blanks and the tail of anything. */
static bool parse_number(const char *name, const char *text, unsigned int min, unsigned int max,
			 unsigned int *number)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long value;

	errno = 0;
	value = strtoul(text, NULL, 10);
	if (!digits || text[digits] || errno || value < min || value > max) {
		qrngd_log("--%s %s: a number from %u to %u is needed", name, text, min, max);
		return false;
	}
	*number = (unsigned int)value;
	return true;
}

static bool parse_choice(const char *name, const char *text, const char *const *choices,
			 const char *allowed, unsigned int *choice)
{
	unsigned int i;

	for (i = 0; choices[i]; i++) {
		if (strcmp(text, choices[i]) == 0) {
			*choice = i;
			return true;
		}
	}
	qrngd_log("--%s %s: one of %s is needed", name, text, allowed);
	return false;
}

static bool parse_engine(struct qrngd_options *options, const char *text)
{
	static const char *const engines[] = { "auto", "device", "embedded", NULL };
	unsigned int choice;

	if (!parse_choice("engine", text, engines, "auto, device, embedded", &choice))
		return false;
	options->engine = choice;
	return true;
}

static bool parse_http2(struct qrngd_options *options, const char *text)
{
	static const char *const states[] = { "off", "on", NULL };
	unsigned int choice;

	if (!parse_choice("http2", text, states, "on, off", &choice))
		return false;
	options->http2 = choice;
	return true;
}

static bool not_empty(const char *name, const char *text)
{
	if (!*text)
		qrngd_log("--%s: an empty value means nothing", name);
	return *text;
}

static bool parse_listed(const char *name, const char *text, const char **list, unsigned int *count,
			 unsigned int max)
{
	if (!not_empty(name, text))
		return false;
	if (*count == max) {
		qrngd_log("--%s %s: at most %u of them", name, text, max);
		return false;
	}
	list[(*count)++] = text;
	return true;
}

static bool parse_option(struct qrngd_options *options, int option, const char *text)
{
	switch (option) {
	case OPT_LISTEN:
		return parse_listed("listen", text, options->listen, &options->listen_count,
				    QRNGD_LISTEN_MAX);
	case OPT_ENGINE:
		return parse_engine(options, text);
	case OPT_SOURCE:
		return parse_listed("source", text, options->sources, &options->source_count,
				    QRNGD_SOURCES_MAX);
	case OPT_DEVICE:
		options->device = text;
		return not_empty("device", text);
	case OPT_THREADS:
		return parse_number("threads", text, 1, THREADS_MAX, &options->threads);
	case OPT_MAX_CONNECTIONS:
		return parse_number("max-connections", text, 1, CONNECTIONS_MAX,
				    &options->max_connections);
	case OPT_DRAIN:
		return parse_number("drain", text, 0, SECONDS_MAX, &options->drain_s);
	case OPT_STALL_TIMEOUT:
		return parse_number("stall-timeout", text, 1, SECONDS_MAX,
				    &options->stall_timeout_s);
	case OPT_SIGNING_KEY:
		options->signing_key = text;
		return not_empty("signing-key", text);
	case OPT_PUBLIC_LOG:
		options->public_log = text;
		return not_empty("public-log", text);
	case OPT_RAW_RATE:
		return parse_number("raw-rate", text, 0, RAW_MAX, &options->raw_rate);
	case OPT_RAW_BURST:
		return parse_number("raw-burst", text, 1, RAW_MAX, &options->raw_burst);
	case OPT_HTTP2:
		return parse_http2(options, text);
	}
	return false;
}

/* Return: how many long options begin with @word, which begins with "--" */
static unsigned int count_meant(const char *word)
{
	size_t len = strcspn(word + 2, "=");
	unsigned int i, count = 0;

	for (i = 0; long_options[i].name; i++)
		count += strncmp(long_options[i].name, word + 2, len) == 0;
	return count;
}

/*
 * getopt's own messages name the program by its path; ours look all alike. A letter
 * that is wrong is in optopt, and may stand anywhere in a word of letters.
 */
static void complain(int option, char **argv)
{
	const char *word = argv[optind - 1];
	bool letter = optopt && optopt < OPT_LISTEN && strncmp(word, "--", 2) != 0;

	if (option == ':')
		qrngd_log("%s needs a value; see qrngd --help", word);
	else if (letter)
		qrngd_log("unknown option -%c; see qrngd --help", optopt);
	else if (optopt)
		qrngd_log("%s takes no value; see qrngd --help", word);
	else if (count_meant(word))
		qrngd_log("%s may be one of several options; see qrngd --help", word);
	else
		qrngd_log("unknown option %s; see qrngd --help", word);
}

/* Options that contradict each other are a mistake, and not ours to resolve. */
static bool consistent(const struct qrngd_options *options, int argc, char **argv)
{
	if (optind < argc) {
		qrngd_log("%s: no argument is expected here; see qrngd --help", argv[optind]);
		return false;
	}
	if (options->engine == QRNGD_ENGINE_DEVICE && options->source_count) {
		qrngd_log("--source %s: only the embedded engine has sources of its own",
			  options->sources[0]);
		return false;
	}
	return true;
}

static void set_defaults(struct qrngd_options *options)
{
	*options = (struct qrngd_options){
		.device = "/dev/" QRNG_DRBG_DEVICE,
		.threads = online_cpus(),
		.max_connections = 1024,
		.drain_s = 30,
		.stall_timeout_s = 30,
		.raw_rate = 65536,
		.raw_burst = 262144,
		.http2 = QRNGD_HTTP2_DEFAULT,
	};
}

enum qrngd_options_verdict qrngd_options_parse(struct qrngd_options *options, int argc, char **argv)
{
	int option;

	set_defaults(options);
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (option) {
		case 'h':
			printf(help, QRNGD_HTTP2_DEFAULT ? "on" : "off");
			return QRNGD_OPTIONS_DONE;
		case OPT_VERSION:
			puts("qrngd " QRNG_VERSION " (libh2o " H2O_VERSION ")");
			return QRNGD_OPTIONS_DONE;
		case ':':
		case '?':
			complain(option, argv);
			return QRNGD_OPTIONS_BAD;
		}
		if (!parse_option(options, option, optarg))
			return QRNGD_OPTIONS_BAD;
	}
	if (!consistent(options, argc, argv))
		return QRNGD_OPTIONS_BAD;
	if (!options->listen_count)
		options->listen[options->listen_count++] = "127.0.0.1:8080";
	return QRNGD_OPTIONS_RUN;
}
