/* SPDX-License-Identifier: MIT */
/* How the daemon was called: the command line, before its values are looked at, and sockets. */
#ifndef QRNGD_COMMAND_H
#define QRNGD_COMMAND_H

#include <stdbool.h>

#include "passed.h"

struct qrngd_setting;

/**
 * struct qrngd_command - a command line, and what came with it
 * @config: the configuration file, NULL: the usual one if there is one
 * @check: only look whether the configuration is good
 * @print: only print it
 * @given: settings with their values as they were written, in this order
 * @given_count: how many
 * @passed: sockets that were opened for the daemon
 */
struct qrngd_command {
	const char *config;
	bool check;
	bool print;
	struct qrngd_given {
		const struct qrngd_setting *setting;
		const char *text;
	} *given;
	unsigned int given_count;
	struct qrngd_passed passed;
};

enum qrngd_command_verdict {
	QRNGD_COMMAND_RUN,
	QRNGD_COMMAND_DONE, /* --help or --version was answered */
	QRNGD_COMMAND_BAD,  /* and a line has said why */
};

/**
 * qrngd_command_parse() - read the command line
 * @command: filled in; it stays until the end of the process
 * @argc: of main()
 * @argv: of main(); @command points into it
 */
enum qrngd_command_verdict qrngd_command_parse(struct qrngd_command *command, int argc,
					       char **argv);

#endif /* QRNGD_COMMAND_H */
