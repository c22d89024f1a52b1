/* SPDX-License-Identifier: MIT */
/*
 * The command line.
 */
#ifndef EMU_OPTIONS_H
#define EMU_OPTIONS_H

#include "emulator.h"

struct options {
	int fd;		     /* an inherited socket, or -1 */
	const char *listen;  /* else a path to listen at */
	const char *control; /* or NULL */
	const char *log;     /* or NULL for stderr */
};

/*
 * Reads the command line into @options, and the settings and faults on it into @emulator.
 * Returns -1 to go on, or the exit status: 0 after --help and --version, 1 after one line on
 * stderr that says what was wrong.
 */
int options_parse(struct options *options, struct emulator *emulator, int argc, char **argv);

#endif
