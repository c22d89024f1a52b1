/* SPDX-License-Identifier: MIT */
/* What the operator asked for on the command line. */
#ifndef QRNGD_OPTIONS_H
#define QRNGD_OPTIONS_H

#include <stdbool.h>

#define QRNGD_LISTEN_MAX  16
#define QRNGD_SOURCES_MAX 16

enum qrngd_engine_choice {
	QRNGD_ENGINE_AUTO, /* the device if it exists, embedded otherwise */
	QRNGD_ENGINE_DEVICE,
	QRNGD_ENGINE_EMBEDDED,
};

/**
 * struct qrngd_options - the command line, checked and with its defaults filled in
 * @listen: addresses as they were written
 * @listen_count: how many, at least one
 * @engine: which engine
 * @device: path of the module's character device
 * @sources: paths of the embedded engine's noise sources
 * @source_count: how many, often none
 * @threads: event loops
 * @max_connections: over all threads
 * @drain_s: seconds that running answers may still take once a stop is asked for
 * @stall_timeout_s: seconds in which a peer takes nothing before it is given up
 * @signing_key: PEM file with the key of signed answers, NULL: one for this run
 * @public_log: file that statements of signed answers are appended to, or NULL
 * @raw_rate: bytes of raw noise given in a second, over all clients; 0: none
 * @raw_burst: and at once after a rest
 * @http2: offer HTTP/2 beside HTTP/1.1
 */
struct qrngd_options {
	const char *listen[QRNGD_LISTEN_MAX];
	unsigned int listen_count;
	enum qrngd_engine_choice engine;
	const char *device;
	const char *sources[QRNGD_SOURCES_MAX];
	unsigned int source_count;
	unsigned int threads;
	unsigned int max_connections;
	unsigned int drain_s;
	unsigned int stall_timeout_s;
	const char *signing_key;
	const char *public_log;
	unsigned int raw_rate;
	unsigned int raw_burst;
	bool http2;
};

enum qrngd_options_verdict {
	QRNGD_OPTIONS_RUN,
	QRNGD_OPTIONS_DONE, /* --help or --version was answered */
	QRNGD_OPTIONS_BAD,  /* and a line has said why */
};

/**
 * qrngd_options_parse() - read the command line
 * @options: where it goes
 * @argc: of main()
 * @argv: of main(); @options points into it
 */
enum qrngd_options_verdict qrngd_options_parse(struct qrngd_options *options, int argc,
					       char **argv);

#endif /* QRNGD_OPTIONS_H */
