/* SPDX-License-Identifier: MIT */
/*
 * The table of sub-commands: what there is, how each is called.
 */
#ifndef _QRNGCTL_COMMAND_H
#define _QRNGCTL_COMMAND_H

#include <limits.h>

#include "qrngctl.h"
#include "../netlink/record.h"

#define COMMAND_MANY	INT_MAX

/**
 * struct command - one sub-command
 * @name: its first word
 * @verb: its second, NULL: none
 * @usage: the words behind these
 * @summary: what it does
 * @min: how many words at least
 * @max: how many at most
 * @run: does it
 * @sets: what its KEY=VALUE are of
 * @options: letters of those it takes beside -j, NULL: none
 */
struct command {
	const char *name;
	const char *verb;
	const char *usage;
	const char *summary;
	int min;
	int max;
	int (*run)(const struct call *call);
	const struct object *sets;
	const char *options;
};

const struct command *command_find(const char *const *words, int count);
int command_words(const struct command *command, int count);
int command_unknown(const char *const *words, int count);
int command_too_many(const struct command *command, const char *word);
int command_wrong_option(char letter);
int command_too_few(const struct command *command);
int help_command(const struct call *call);
int version_command(const struct call *call);

#endif /* _QRNGCTL_COMMAND_H */
