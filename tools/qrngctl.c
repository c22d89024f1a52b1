// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "../uapi/qrng.h"
#include "output.h"
#include "qrngctl.h"

/** struct command - one sub-command */
struct command {
	const char *name;
	const char *argument;	/* NULL: takes none */
	const char *summary;
	int (*run)(const struct call *call);
};

static int help_command(const struct call *call);
static int version_command(const struct call *call);

/* The first is what runs when none is named. */
static const struct command commands[] = {
	{ "overview", NULL, "the generator and every source (the default)", overview_command },
	{ "sources", NULL, "every noise source, one a line", sources_command },
	{ "source", "NAME", "one noise source, e.g. quantis.0", source_command },
	{ "drbg", NULL, "the generator", drbg_command },
	{ "check", NULL, "exit 0 if random bytes can be had now, else 5", check_command },
	{ "help", NULL, "this text", help_command },
	{ "version", NULL, "the version of this program", version_command },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help_command(const struct call *call)
{
	size_t i;

	(void)call;
	puts("Usage: qrngctl [-j] [COMMAND [NAME]]\n"
	     "Look into the qrng kernel module.\n"
	     "\n"
	     "Commands:");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-8s %-5s %s\n", commands[i].name,
		       commands[i].argument ? commands[i].argument : "", commands[i].summary);
	puts("\n"
	     "Options:\n"
	     "  -j, --json     answer in JSON\n"
	     "  -h, --help     this text\n"
	     "  -V, --version  the version of this program\n"
	     "\n"
	     "Exit codes: 0 done, 1 wrong usage, 2 module not loaded, 3 no such source,\n"
	     "4 the kernel refused or output failed, 5 check: no random bytes now.");
	return QRNGCTL_OK;
}

static int version_command(const struct call *call)
{
	if (call->json)
		printf("{\"version\":\"%s\"}\n", QRNG_VERSION);
	else
		printf("qrngctl %s\n", QRNG_VERSION);
	return QRNGCTL_OK;
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/* @what may be anything that can be typed. */
static int complain(const char *before, const char *what, const char *after)
{
	fprintf(stderr, "qrngctl: %s", before);
	output_safe(stderr, what);
	fprintf(stderr, "%s; see qrngctl --help\n", after);
	return QRNGCTL_USAGE;
}

static int wrong_option(char **argv)
{
	char letter[] = { '-', optopt, '\0' };

	return complain("option ", optopt ? letter : argv[optind - 1],
			": allowed are -j, -h, -V or --json, --help, --version, without a value");
}

static int unknown_command(const char *name)
{
	size_t i;

	fputs("qrngctl: no command \"", stderr);
	output_safe(stderr, name);
	fputs("\"; there are", stderr);
	for (i = 0; i < COMMANDS; i++)
		fprintf(stderr, "%s %s", i ? "," : "", commands[i].name);
	fputc('\n', stderr);
	return QRNGCTL_USAGE;
}

/* What buffered output cannot be written is a failure, not a short answer. */
static int finish(int ret)
{
	if (!fflush(stdout) && !ferror(stdout))
		return ret;
	fprintf(stderr, "qrngctl: cannot write the answer: %s\n", strerror(errno));
	return QRNGCTL_FAILED;
}

static int run(struct call *call, char **words, int count)
{
	const struct command *command = count ? find_command(words[0]) : &commands[0];
	int wanted = command && command->argument ? 2 : 1;

	if (!command)
		return unknown_command(words[0]);
	if (count > wanted)
		return complain("one word too many: \"", words[wanted], "\"");
	if (command->argument && count < wanted)
		return complain(command->name, " needs a ", command->argument);
	call->argument = count > 1 ? words[1] : NULL;
	return finish(command->run(call));
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct call call = { 0 };
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "jhV", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			call.json = true;
			break;
		case 'h':
			return finish(help_command(&call));
		case 'V':
			return finish(version_command(&call));
		default:
			return wrong_option(argv);
		}
	}
	return run(&call, argv + optind, argc - optind);
}
