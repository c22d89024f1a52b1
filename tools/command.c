// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "drbg.h"
#include "output.h"
#include "setting.h"
#include "source.h"

/* The first is what runs when none is named. */
static const struct command commands[] = {
	{ "overview", NULL, "", "everything on a page (the default)", 0, 0, overview_command, NULL,
	  NULL },
	{ "sources", NULL, "", "every noise source, one a line", 0, 0, sources_command, NULL,
	  NULL },
	{ "source", NULL, "[NAME]", "one noise source, e.g. quantis.0, or all", 0, 1,
	  source_command, NULL, NULL },
	{ "source", "set", "NAME KEY=VALUE...", "set something of a source", 2, COMMAND_MANY,
	  source_set_command, &source_object, NULL },
	{ "source", "test", "NAME", "run its start-up test now, wait for the result", 1, 1,
	  source_test_command, NULL, NULL },
	{ "source", "reset", "NAME", "let it start anew, without waiting", 1, 1,
	  source_reset_command, NULL, NULL },
	{ "health", NULL, "[NAME]", "the health tests of a source, or of all", 0, 1, health_command,
	  NULL, NULL },
	{ "stats", NULL, "[NAME]", "what a source did since it came, or all", 0, 1, stats_command,
	  NULL, NULL },
	{ "drbg", NULL, "", "the generator", 0, 0, drbg_command, NULL, NULL },
	{ "drbg", "set", "KEY=VALUE...", "set something of the generator", 1, COMMAND_MANY,
	  drbg_set_command, &drbg_object, NULL },
	{ "drbg", "reseed", "", "give it a new seed now", 0, 0, drbg_reseed_command, NULL, NULL },
	{ "pool", NULL, "", "the noise gathered for the next seeds", 0, 0, pool_command, NULL,
	  NULL },
	{ "monitor", NULL, "", "events as they happen, one a line", 0, 0, monitor_command, NULL,
	  NULL },
	{ "watch", NULL, "[-n SECONDS]", "the overview, again and again", 0, 0, watch_command, NULL,
	  "n" },
	{ "check", NULL, "", "exit 0 if the generator is ready, else 5", 0, 0, check_command, NULL,
	  NULL },
	{ "doctor", NULL, "", "what is wrong on this machine, in plain words", 0, 0, doctor_command,
	  NULL, NULL },
	{ "verify", NULL, "-k FILE [ANSWER [BODY]]", "is a saved answer the one that was signed?",
	  0, 2, verify_command, NULL, "kca" },
	{ "key", "add", "NAME FILE [LIMIT=N...]", "make an API key, put its hash into a key file",
	  2, COMMAND_MANY, key_add_command, NULL, NULL },
	{ "daemon", NULL, "", "how qrngd is doing; exit 5 if it has no bytes to give", 0, 0,
	  daemon_status_command, NULL, "ut" },
	{ "daemon", "reload", "", "let it read settings, keys, certificates again", 0, 0,
	  daemon_reload_command, NULL, "ut" },
	{ "daemon", "keys", "", "all API keys: what they may have and have had today", 0, 0,
	  daemon_keys_command, NULL, "ut" },
	{ "daemon", "quota", "", "the same of the key in the file of -t", 0, 0,
	  daemon_quota_command, NULL, "ut" },
	{ "daemon", "verify", "-k FILE", "does it sign with the key it should have?", 0, 0,
	  daemon_verify_command, NULL, "kaut" },
	{ "help", NULL, "[COMMAND]", "this text, or more of a command", 0, 1, help_command, NULL,
	  NULL },
	{ "version", NULL, "", "the version of this program", 0, 0, version_command, NULL, NULL },
};

/* How wide "drbg set KEY=VALUE..." and its like are in a list. */
#define CALL_WIDTH 32

/**
 * command_find() - which sub-command is meant?
 * @words: of the command line
 * @count: how many
 *
 * Return: NULL if there is none of that name.
 */
const struct command *command_find(const char *const *words, int count)
{
	const struct command *found = NULL;
	size_t i;

	if (!count)
		return &commands[0];
	for (i = 0; i < RECORD_COUNT(commands); i++) {
		const struct command *command = &commands[i];

		if (strcmp(command->name, words[0]))
			continue;
		if (!command->verb)
			found = command;
		else if (count > 1 && !strcmp(command->verb, words[1]))
			return command;
	}
	return found;
}

/** command_words() - of @count words that were typed, how many name the command? */
int command_words(const struct command *command, int count)
{
	if (!count)
		return 0;
	return command->verb ? 2 : 1;
}

/** command_unknown() - complain, and name what there is */
int command_unknown(const char *const *words, int count)
{
	const char *last = "";
	size_t i;

	fputs("qrngctl: no command \"", stderr);
	output_safe(stderr, count ? words[0] : "");
	fputs("\"; there are", stderr);
	for (i = 0; i < RECORD_COUNT(commands); i++) {
		if (strcmp(commands[i].name, last))
			fprintf(stderr, "%s %s", i ? "," : "", commands[i].name);
		last = commands[i].name;
	}
	fputc('\n', stderr);
	return QRNGCTL_USAGE;
}

static void print_call(FILE *out, const struct command *command)
{
	fputs(command->name, out);
	if (command->verb)
		fprintf(out, " %s", command->verb);
	if (command->usage[0])
		fprintf(out, " %s", command->usage);
}

static void print_calls(FILE *out, const char *name)
{
	const char *before = "";
	size_t i;

	for (i = 0; i < RECORD_COUNT(commands); i++) {
		if (strcmp(commands[i].name, name))
			continue;
		fprintf(out, "%sqrngctl ", before);
		print_call(out, &commands[i]);
		before = ", ";
	}
	fputc('\n', out);
}

/** command_too_many() - complain of a word, and say how the command is called */
int command_too_many(const struct command *command, const char *word)
{
	fputs("qrngctl: one word too many: \"", stderr);
	output_safe(stderr, word);
	fputs("\"; there is ", stderr);
	print_calls(stderr, command->name);
	return QRNGCTL_USAGE;
}

/** command_wrong_option() - complain of an option, and say which commands take it */
int command_wrong_option(char letter)
{
	const char *last = "";
	size_t i;

	fprintf(stderr, "qrngctl: option -%c belongs to", letter);
	for (i = 0; i < RECORD_COUNT(commands); i++) {
		if (!commands[i].options || !strchr(commands[i].options, letter) ||
		    !strcmp(commands[i].name, last))
			continue;
		fprintf(stderr, "%s %s", *last ? "," : "", commands[i].name);
		last = commands[i].name;
	}
	fputs("; see qrngctl --help\n", stderr);
	return QRNGCTL_USAGE;
}

/** command_too_few() - say what is missing */
int command_too_few(const struct command *command)
{
	fputs("qrngctl: words are missing: qrngctl ", stderr);
	print_call(stderr, command);
	fputc('\n', stderr);
	return QRNGCTL_USAGE;
}

static void list_command(const struct command *command)
{
	int width = printf("  %s", command->name);

	if (command->verb)
		width += printf(" %s", command->verb);
	if (command->usage[0])
		width += printf(" %s", command->usage);
	printf("%*s%s\n", width < CALL_WIDTH ? CALL_WIDTH - width : 1, "", command->summary);
}

static int help_all(void)
{
	size_t i;

	puts("Usage: qrngctl [-j] [COMMAND...]\n"
	     "Look into the qrng kernel module and the daemon qrngd, steer them, verify what is "
	     "signed.\n"
	     "\n"
	     "Commands:");
	for (i = 0; i < RECORD_COUNT(commands); i++)
		list_command(&commands[i]);
	puts("\n"
	     "Options:\n"
	     "  -j, --json              answer in JSON\n"
	     "  -n, --interval SECONDS  watch: how often, 2 if not said\n"
	     "  -k, --key FILE          verify: the public key; PEM, as of /v1/keys, hex, base64\n"
	     "  -c, --challenge TEXT    verify: what the answer has to be about\n"
	     "  -a, --max-age TIME      verify: how old it may be, in seconds or with s, m, h, d\n"
	     "  -u, --url URL           daemon: where it is, http://HOST:PORT or unix:PATH\n"
	     "  -t, --token FILE        daemon: file with the admin token, or with an API key\n"
	     "  -h, --help              this text; behind a command, more of that\n"
	     "  -V, --version           the version of this program\n"
	     "\n"
	     "Exit codes: 0 done, 1 wrong usage, 2 module not loaded, 3 no such source,\n"
	     "4 the kernel or the daemon refused, or a file or output failed, 5 bad news\n"
	     "(check, daemon: not ready; doctor: a problem; source test: not passed;\n"
	     "verify: not to be believed), 6 not permitted.");
	return QRNGCTL_OK;
}

/** help_command() - how to call this program, or one sub-command */
int help_command(const struct call *call)
{
	size_t i;

	if (!call->count)
		return help_all();
	if (!command_find(call->words, call->count))
		return command_unknown(call->words, call->count);
	for (i = 0; i < RECORD_COUNT(commands); i++) {
		if (strcmp(commands[i].name, call->words[0]))
			continue;
		fputs("qrngctl ", stdout);
		print_call(stdout, &commands[i]);
		printf("\n    %s\n", commands[i].summary);
		if (commands[i].sets)
			setting_help(stdout, commands[i].sets);
	}
	return QRNGCTL_OK;
}

/** version_command() - the version of this program */
int version_command(const struct call *call)
{
	if (call->json)
		printf("{\"version\":\"%s\"}\n", QRNG_VERSION);
	else
		printf("qrngctl %s\n", QRNG_VERSION);
	return QRNGCTL_OK;
}
