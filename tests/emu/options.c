// SPDX-License-Identifier: MIT
#include "options.h"

#include "control.h"
#include "qrng.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>

/* Options that are no settings; all of them take a value. */
enum option {
	OPTION_FD,
	OPTION_LISTEN,
	OPTION_CONTROL,
	OPTION_LOG,
	OPTION_FAULT,
	OPTIONS,
};

static const char *const names[OPTIONS] = {"fd", "listen", "control", "log", "fault"};

static int __attribute__((format(printf, 1, 2))) fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("qrng-emu: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return 1;
}

static int print_help(void)
{
	printf("Usage: qrng-emu --fd N | --listen PATH [OPTION]...\n"
	       "Is a Quantis PCI card, plugged into QEMU's x-pci-proxy-dev.\n\n"
	       "  --fd N              the PCI side is this inherited socket; without --control\n"
	       "                      the emulator ends when the connection does\n"
	       "  --listen PATH       the PCI side is whoever connects here, one at a time;\n"
	       "                      each time a fresh card is plugged in\n"
	       "  --control PATH      listen here for commands\n"
	       "  --log FILE          append the log here, not to stderr\n"
	       "  --fault NAME[:VALUE] start with this fault; may be given again\n"
	       "  --help, --version\n\n"
	       "Settings (--no-NAME switches off; [plug] and [reset]: a change at run time\n"
	       "counts from then on):\n");
	setting_help(stdout);
	printf("\nFaults:\n");
	fault_help(stdout);
	printf("\nCommands of the control socket, each answered by one line of JSON:\n");
	control_help(stdout);
	return 0;
}

static int parse_fd(struct options *options, const char *value)
{
	uint64_t fd = 0;
	int type = 0;
	socklen_t length = sizeof(type);

	if (!text_parse_number(value, 0, INT_MAX, &fd) ||
	    getsockopt((int)fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0 || type != SOCK_STREAM)
		return fail("--fd: '%s' is not allowed; give the number of an open stream socket",
			    value);
	options->fd = (int)fd;
	return -1;
}

static int apply_option(struct options *options, struct emulator *emulator, int option,
			const char *value)
{
	const char *error;

	switch (option) {
	case OPTION_FD:
		return parse_fd(options, value);
	case OPTION_LISTEN:
		options->listen = value;
		break;
	case OPTION_CONTROL:
		options->control = value;
		break;
	case OPTION_LOG:
		options->log = value;
		break;
	case OPTION_FAULT:
		error = emulator_fault(emulator, value);
		if (error)
			return fail("--fault: %s", error);
		break;
	}
	return -1;
}

static int apply_setting(struct emulator *emulator, const char *name, const char *value)
{
	const char *error = emulator_set(emulator, name, value);

	return error ? fail("--%s", error) : -1;
}

/* Switches stand alone. Returns -2 if @name is none. */
static int apply_switch(struct emulator *emulator, const char *name)
{
	bool off = strncmp(name, "no-", 3) == 0;
	bool is_switch = false;

	if (!setting_exists(name + (off ? 3 : 0), &is_switch) || !is_switch)
		return -2;
	return apply_setting(emulator, name + (off ? 3 : 0), off ? "off" : "on");
}

static int find_option(const char *name)
{
	for (int i = 0; i < OPTIONS; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

/* Handles argv[*next], and its value if it takes one, and moves *next past them. */
static int parse_one(struct options *options, struct emulator *emulator, char **argv, int *next)
{
	const char *word = argv[(*next)++];
	const char *name = word + 2;
	bool is_switch;
	int option, status;

	if (strncmp(word, "--", 2) != 0)
		return fail("'%s' is no option; see --help", word);
	if (strcmp(name, "help") == 0)
		return print_help();
	if (strcmp(name, "version") == 0)
		return printf("qrng-emu %s\n", QRNG_VERSION) < 0;
	status = apply_switch(emulator, name);
	if (status != -2)
		return status;
	option = find_option(name);
	if (option < 0 && !setting_exists(name, &is_switch))
		return fail("'%s' is no option; see --help", word);
	if (!argv[*next])
		return fail("%s needs a value; see --help", word);
	if (option < 0)
		return apply_setting(emulator, name, argv[(*next)++]);
	return apply_option(options, emulator, option, argv[(*next)++]);
}

int options_parse(struct options *options, struct emulator *emulator, int argc, char **argv)
{
	int next = 1;

	*options = (struct options){.fd = -1};
	while (next < argc) {
		int status = parse_one(options, emulator, argv, &next);

		if (status >= 0)
			return status;
	}
	if ((options->fd >= 0) == (options->listen != NULL))
		return fail("give one of --fd N and --listen PATH; see --help");
	return -1;
}
