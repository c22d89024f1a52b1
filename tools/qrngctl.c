// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../uapi/qrng.h"
#include "command.h"
#include "output.h"
#include "qrngctl.h"
#include "../netlink/value.h"

#define INTERVAL_MS	2000
#define INTERVAL_MIN	0.1
#define INTERVAL_MAX	86400
#define MAX_AGE_S	(36500 * 86400ULL)

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

	if (optopt == 'n')
		return complain("option ", "-n", " needs a number of SECONDS");
	if (optopt && strchr("kcaut", optopt))
		return complain("option ", letter, " needs a value");
	return complain("option ", optopt ? letter : argv[optind - 1],
			": allowed are -j, -n SECONDS, -k FILE, -c TEXT, -a TIME, -u URL, -t FILE, "
			"-h, -V or --json, --interval, --key, --challenge, --max-age, --url, "
			"--token, --help, --version");
}

static bool interval(const char *text, struct call *call)
{
	char *end;
	double seconds = strtod(text, &end);

	/* Not the other way round: a nan is neither less nor more. */
	if (!*text || *end || !(seconds >= INTERVAL_MIN && seconds <= INTERVAL_MAX))
		return false;
	call->interval_ms = (unsigned int)(seconds * 1000);
	return true;
}

static bool max_age(const char *text, struct call *call)
{
	static const struct field seconds = { .unit = UNIT_SECONDS, .type = TYPE_U64 };
	uint64_t number;

	if (!value_parse(&seconds, text, &number) || number > MAX_AGE_S)
		return false;
	call->max_age_s = (int64_t)number;
	return true;
}

/* Return: QRNGCTL_OK, or what is wrong with an option that has a value was complained of. */
static int option_value(int option, const char *text, struct call *call)
{
	switch (option) {
	case 'n':
		if (interval(text, call))
			return QRNGCTL_OK;
		return complain("-n ", text, ": allowed are 0.1 to 86400 seconds");
	case 'a':
		if (max_age(text, call))
			return QRNGCTL_OK;
		return complain("-a ", text,
				": allowed are 0 s to 36500 d, in seconds, or with s, m, h, d");
	case 'k':
		call->key = text;
		return QRNGCTL_OK;
	case 'u':
		call->url = text;
		return QRNGCTL_OK;
	case 't':
		call->token = text;
		return QRNGCTL_OK;
	default:
		call->challenge = text;
		return QRNGCTL_OK;
	}
}

/* What buffered output cannot be written is a failure, not a short answer. */
static int finish(int ret)
{
	if (!fflush(stdout) && !ferror(stdout))
		return ret;
	fprintf(stderr, "qrngctl: cannot write the answer: %s\n", strerror(errno));
	return QRNGCTL_FAILED;
}

/* @options: the letters of those that came. */
static int run(struct call *call, const char *options, const char *const *words, int count)
{
	const struct command *command = command_find(words, count);
	int used;

	if (!command)
		return command_unknown(words, count);
	used = command_words(command, count);
	call->words = words + used;
	call->count = count - used;
	if (call->count > command->max)
		return command_too_many(command, call->words[command->max]);
	if (call->count < command->min)
		return command_too_few(command);
	used = (int)strspn(options, command->options ? command->options : "");
	if (options[used])
		return command_wrong_option(options[used]);
	if (!call->interval_ms)
		call->interval_ms = INTERVAL_MS;
	return command->run(call);
}

/* Behind a command it is about that one. */
static int help(const struct call *call, const char *const *words, int count)
{
	struct call about = { .json = call->json, .words = words, .count = count ? 1 : 0 };

	return help_command(&about);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "interval", required_argument, NULL, 'n' },
		{ "key", required_argument, NULL, 'k' },
		{ "challenge", required_argument, NULL, 'c' },
		{ "max-age", required_argument, NULL, 'a' },
		{ "url", required_argument, NULL, 'u' },
		{ "token", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct call call = { .max_age_s = -1 };
	char used[sizeof(options) / sizeof(options[0])] = "";
	const char *const *words;
	bool help_wanted = false;
	int option, ret;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "jn:k:c:a:u:t:hV", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			call.json = true;
			break;
		case 'h':
			help_wanted = true;
			break;
		case 'V':
			return finish(version_command(&call));
		case '?':
			return wrong_option(argv);
		default:
			ret = option_value(option, optarg, &call);
			if (ret)
				return ret;
			if (!strchr(used, option))
				used[strlen(used)] = (char)option;
		}
	}
	words = (const char *const *)argv + optind;
	if (help_wanted)
		return finish(help(&call, words, argc - optind));
	return finish(run(&call, used, words, argc - optind));
}
