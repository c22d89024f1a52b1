// SPDX-License-Identifier: MIT
#include "control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * A command gets the rest of its line, without the blank, and fills @text with its answer.
 * It returns NULL, or what was wrong and what is allowed; an empty answer stands for success.
 */
typedef const char *run_command(struct control *control, char *rest, struct text *text);

static const char *run_count(struct control *control, char *rest, struct text *text)
{
	if (strcmp(rest, "reset") == 0) {
		emulator_reset_count(control->emulator);
		return NULL;
	}
	if (*rest)
		return "only 'count' and 'count reset' are allowed";
	emulator_report_count(control->emulator, text);
	return NULL;
}

static const char *run_state(struct control *control, char *rest, struct text *text)
{
	if (*rest)
		return "'state' takes nothing";
	emulator_report_state(control->emulator, text);
	return NULL;
}

static const char *run_set(struct control *control, char *rest, struct text *text)
{
	char *value = strchr(rest, ' ');

	(void)text;
	if (!value)
		return "give 'set NAME VALUE'";
	*value++ = '\0';
	return emulator_set(control->emulator, rest, value);
}

static const char *run_fault(struct control *control, char *rest, struct text *text)
{
	(void)text;
	return emulator_fault(control->emulator, rest);
}

static const char *run_faults(struct control *control, char *rest, struct text *text)
{
	(void)text;
	if (strcmp(rest, "clear") != 0)
		return "only 'faults clear' is allowed";
	emulator_clear_faults(control->emulator);
	return NULL;
}

static const char *run_close(struct control *control, char *rest, struct text *text)
{
	(void)text;
	if (*rest)
		return "'close' takes nothing";
	if (control->proxy->fd < 0)
		return "nothing is connected";
	proxy_close(control->proxy, "asked for by the control socket");
	return NULL;
}

static const char *run_quit(struct control *control, char *rest, struct text *text)
{
	(void)text;
	if (*rest)
		return "'quit' takes nothing";
	control->quit = true;
	return NULL;
}

static const struct {
	const char *name;
	run_command *run;
	const char *usage;
	const char *help;
} commands[] = {
	{"count", run_count, "count [reset]", "shows the counters, or sets them to 0"},
	{"state", run_state, "state", "shows the registers and the faults that are on"},
	{"set", run_set, "set NAME VALUE", "changes a setting"},
	{"fault", run_fault, "fault NAME [on|off|VALUE]", "switches a fault"},
	{"faults", run_faults, "faults clear", "switches all faults off"},
	{"close", run_close, "close", "closes the PCI connection: the card is pulled"},
	{"quit", run_quit, "quit", "ends the emulator"},
};

#define NUM_COMMANDS (sizeof(commands) / sizeof(commands[0]))

void control_init(struct control *control, struct emulator *emulator, struct proxy *proxy)
{
	control->emulator = emulator;
	control->proxy = proxy;
	control->quit = false;
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		control->clients[i].fd = -1;
}

static void drop(struct control_client *client)
{
	close(client->fd);
	client->fd = -1;
}

/* One who asks but takes no answers is dropped: the card must never wait for it. */
static void reply(struct control_client *client, const struct text *text)
{
	ssize_t sent = send(client->fd, text->data, text->used, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent != (ssize_t)text->used)
		drop(client);
}

static void reply_error(struct control_client *client, const char *error)
{
	struct text text;

	text_clear(&text);
	text_add(&text, "{\"error\":\"%s\"}\n", error);
	reply(client, &text);
}

void control_attach(struct control *control, int fd)
{
	struct control_client refused = {.fd = fd};

	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		if (control->clients[i].fd >= 0)
			continue;
		control->clients[i].fd = fd;
		control->clients[i].used = 0;
		return;
	}
	reply_error(&refused, "too many control connections, 8 are allowed");
	if (refused.fd >= 0)
		drop(&refused);
}

/* What passes can be quoted in JSON and in the log as it is. */
static bool is_plain(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (line[i] < ' ' || line[i] > '~' || line[i] == '"' || line[i] == '\\')
			return false;
	return true;
}

static const char *run(struct control *control, char *line, struct text *text)
{
	size_t length = strcspn(line, " ");
	char *rest = line[length] ? line + length + 1 : line + length;

	for (size_t i = 0; i < NUM_COMMANDS; i++)
		if (strlen(commands[i].name) == length &&
		    memcmp(commands[i].name, line, length) == 0)
			return commands[i].run(control, rest, text);
	return "unknown command; count, state, set, fault, faults, close and quit are allowed";
}

static void run_line(struct control *control, struct control_client *client, char *line,
		     size_t length)
{
	struct text text;
	const char *error;

	text_clear(&text);
	if (is_plain(line, length))
		error = run(control, line, &text);
	else
		error = "only printable ASCII without quotes and backslashes is allowed";
	if (error) {
		reply_error(client, error);
		return;
	}
	if (!text.used)
		text_add(&text, "{\"ok\":true}");
	text_add(&text, "\n");
	reply(client, &text);
}

static void reject(struct control *control, struct control_client *client)
{
	control->emulator->count.protocol_errors++;
	journal_line(&control->emulator->journal, "PROTOCOL: control line of more than %d bytes",
		     CONTROL_LINE - 1);
	reply_error(client, "the line is too long, 511 bytes are allowed");
	if (client->fd >= 0)
		drop(client);
}

/* Runs every complete line and keeps the rest for later. */
static void consume(struct control *control, struct control_client *client)
{
	char *start = client->line;
	char *limit = client->line + client->used;
	char *end;

	while (client->fd >= 0 && (end = memchr(start, '\n', (size_t)(limit - start)))) {
		*end = '\0';
		run_line(control, client, start, (size_t)(end - start));
		start = end + 1;
	}
	if (client->fd < 0)
		return;
	client->used = (size_t)(limit - start);
	memmove(client->line, start, client->used);
	if (client->used == sizeof(client->line))
		reject(control, client);
}

void control_serve(struct control *control, struct control_client *client)
{
	ssize_t got = recv(client->fd, client->line + client->used,
			   sizeof(client->line) - client->used, MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		drop(client);
		return;
	}
	client->used += (size_t)got;
	consume(control, client);
}

void control_close(struct control *control)
{
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			drop(&control->clients[i]);
}

void control_help(FILE *out)
{
	for (size_t i = 0; i < NUM_COMMANDS; i++)
		fprintf(out, "  %-27s%s\n", commands[i].usage, commands[i].help);
}
