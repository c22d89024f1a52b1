// SPDX-License-Identifier: MIT
#include "command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "h2o_compat.h"
#include "log.h"
#include "qrng.h"
#include "setting.h"
#include "wrap.h"

/* Options that are no settings; a setting's number is its index from OPT_SETTING on. */
enum {
	OPT_CONFIG = 256,
	OPT_CHECK_CONFIG,
	OPT_PRINT_CONFIG,
	OPT_VERSION,
	OPT_SETTING,
};

static const struct option own_options[] = {
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "check-config", optional_argument, NULL, OPT_CHECK_CONFIG },
	{ "print-config", no_argument, NULL, OPT_PRINT_CONFIG },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
};

#define OWN_COUNT (sizeof(own_options) / sizeof(own_options[0]))

static struct option long_options[OWN_COUNT + QRNGD_SETTINGS_MAX + 1];

static void lay_out_options(void)
{
	size_t i;

	memcpy(long_options, own_options, sizeof(own_options));
	for (i = 0; qrngd_settings[i].name; i++)
		long_options[OWN_COUNT + i] = (struct option){
			.name = qrngd_settings[i].name,
			.has_arg = qrngd_settings[i].bare ? optional_argument : required_argument,
			.val = OPT_SETTING + (int)i,
		};
}

#define HELP_MARGIN "                          "

static void print_option(const char *name, const char *argument, const char *doc)
{
	int margin = sizeof(HELP_MARGIN) - 1;
	int len = printf("  --%s%s%s", name, argument ? " " : "", argument ? argument : "");

	if (len > margin - 1)
		printf("\n%s", HELP_MARGIN);
	else
		printf("%*s", margin - len, "");
	qrngd_wrap(doc, margin, HELP_MARGIN);
}

static void print_setting(const struct qrngd_setting *setting)
{
	char range[48] = "";
	char text[1024];

	if (setting->type == QRNGD_SETTING_NUMBER)
		snprintf(range, sizeof(range), ", %u..%u", setting->min, setting->max);
	snprintf(text, sizeof(text), "%s%s (default: %s)", setting->doc, range,
		 qrngd_setting_usual(setting));
	print_option(setting->name, setting->argument, text);
}

static void print_help(void)
{
	const struct qrngd_setting *setting;

	puts("Usage: qrngd [OPTION]...\n"
	     "Random bytes over HTTP, from a quantum noise source where there is one.\n");
	for (setting = qrngd_settings; setting->name; setting++)
		print_setting(setting);
	print_option("config", "FILE",
		     "read settings from this file (default: " QRNGD_CONF_USUAL
		     " if there is one, or what " QRNGD_CONF_VARIABLE
		     " names); the environment (QRNGD_THREADS=4) comes before it, and the command "
		     "line before both");
	print_option("check-config", "[FILE]", "only say whether the configuration is good");
	print_option("print-config", NULL, "print the configuration, with what each part means");
	puts("  --help, --version");
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
	bool letter = optopt && optopt < OPT_CONFIG && strncmp(word, "--", 2) != 0;

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

static void take_option(struct qrngd_command *command, int option)
{
	const struct qrngd_setting *setting;

	switch (option) {
	case OPT_CONFIG:
		command->config = optarg;
		break;
	case OPT_CHECK_CONFIG:
		command->check = true;
		if (optarg)
			command->config = optarg;
		break;
	case OPT_PRINT_CONFIG:
		command->print = true;
		break;
	default:
		setting = &qrngd_settings[option - OPT_SETTING];
		command->given[command->given_count++] =
			(struct qrngd_given){ setting, optarg ? optarg : setting->bare };
	}
}

/* What is no option: the file behind --check-config, and nothing else. */
static enum qrngd_command_verdict take_rest(struct qrngd_command *command, int argc, char **argv)
{
	if (command->check && !command->config && optind < argc)
		command->config = argv[optind++];
	if (optind == argc)
		return QRNGD_COMMAND_RUN;
	qrngd_log("%s: no argument is expected here; see qrngd --help", argv[optind]);
	return QRNGD_COMMAND_BAD;
}

enum qrngd_command_verdict qrngd_command_parse(struct qrngd_command *command, int argc, char **argv)
{
	int option;

	lay_out_options();
	*command = (struct qrngd_command){ .given = calloc((size_t)argc, sizeof(*command->given)) };
	if (!command->given) {
		qrngd_log("out of memory");
		return QRNGD_COMMAND_BAD;
	}
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		switch (option) {
		case 'h':
			print_help();
			return QRNGD_COMMAND_DONE;
		case OPT_VERSION:
			puts("qrngd " QRNG_VERSION " (libh2o " H2O_VERSION ")");
			return QRNGD_COMMAND_DONE;
		case ':':
		case '?':
			complain(option, argv);
			return QRNGD_COMMAND_BAD;
		default:
			take_option(command, option);
		}
	}
	return take_rest(command, argc, argv);
}
