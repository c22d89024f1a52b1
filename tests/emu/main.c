// SPDX-License-Identifier: MIT
/*
 * qrng-emu: a Quantis PCI card in a process of its own. One thread, which sleeps in poll()
 * until QEMU, the control socket or a signal has something for it.
 */
#include "control.h"
#include "endpoint.h"
#include "options.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct server {
	struct options options;
	struct emulator emulator;
	struct proxy proxy;
	struct control control;
	struct endpoint pci, commands;
	int signals;
};

enum slot {
	SLOT_SIGNALS,
	SLOT_PCI,
	SLOT_LISTEN,
	SLOT_COMMANDS,
	SLOT_CLIENTS,
	SLOTS = SLOT_CLIENTS + CONTROL_CLIENTS,
};

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "qrng-emu: %s: %s\n", what, why);
	return -1;
}

static int open_signals(struct server *server)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	server->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return server->signals < 0 ? complain("signalfd", strerror(errno)) : 0;
}

static int open_endpoint(struct endpoint *endpoint, const char *option, const char *path)
{
	const char *error = path ? endpoint_open(endpoint, path) : NULL;
	char what[256];

	if (!error)
		return 0;
	snprintf(what, sizeof(what), "%s: '%s'", option, path);
	return complain(what, error);
}

static int server_open(struct server *server)
{
	const struct options *options = &server->options;

	server->pci.fd = server->commands.fd = -1;
	proxy_init(&server->proxy, &server->emulator);
	control_init(&server->control, &server->emulator, &server->proxy);
	if (open_signals(server) < 0)
		return -1;
	if (!journal_open(&server->emulator.journal, options->log)) {
		complain(options->log, strerror(errno));
		goto err_signals;
	}
	if (open_endpoint(&server->commands, "--control", options->control) < 0)
		goto err_signals;
	if (open_endpoint(&server->pci, "--listen", options->listen) < 0)
		goto err_commands;
	if (options->fd >= 0)
		proxy_attach(&server->proxy, options->fd);
	return 0;

err_commands:
	endpoint_close(&server->commands);
err_signals:
	close(server->signals);
	return -1;
}

static void server_close(struct server *server)
{
	proxy_close(&server->proxy, "the emulator ends");
	control_close(&server->control);
	endpoint_close(&server->pci);
	endpoint_close(&server->commands);
	close(server->signals);
}

/* Without --listen no card comes again, and without --control nobody can ask any more. */
static bool is_done(const struct server *server)
{
	return server->control.quit ||
	       (server->proxy.fd < 0 && server->pci.fd < 0 && server->commands.fd < 0);
}

static void collect(const struct server *server, struct pollfd *slots)
{
	for (int i = 0; i < SLOTS; i++)
		slots[i] = (struct pollfd){.fd = -1, .events = POLLIN};
	slots[SLOT_SIGNALS].fd = server->signals;
	slots[SLOT_PCI].fd = server->proxy.fd;
	/* the slot takes one card: others wait in the queue of the socket */
	slots[SLOT_LISTEN].fd = server->proxy.fd < 0 ? server->pci.fd : -1;
	slots[SLOT_COMMANDS].fd = server->commands.fd;
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		slots[SLOT_CLIENTS + i].fd = server->control.clients[i].fd;
}

static void serve_newcomers(struct server *server, const struct pollfd *slots)
{
	int fd;

	if (slots[SLOT_LISTEN].revents) {
		fd = endpoint_accept(&server->pci);
		if (fd >= 0)
			proxy_attach(&server->proxy, fd);
	}
	if (slots[SLOT_COMMANDS].revents) {
		fd = endpoint_accept(&server->commands);
		if (fd >= 0)
			control_attach(&server->control, fd);
	}
}

static void server_run(struct server *server)
{
	struct pollfd slots[SLOTS];

	while (!is_done(server)) {
		collect(server, slots);
		if (poll(slots, SLOTS, -1) < 0)
			continue; /* EINTR: stopped and continued */
		if (slots[SLOT_SIGNALS].revents)
			return;
		/* commands last: one of them may close the PCI side */
		if (slots[SLOT_PCI].revents)
			proxy_serve(&server->proxy);
		for (int i = 0; i < CONTROL_CLIENTS; i++)
			if (slots[SLOT_CLIENTS + i].revents)
				control_serve(&server->control, &server->control.clients[i]);
		serve_newcomers(server, slots);
	}
}

int main(int argc, char **argv)
{
	static struct server server;
	int status;

	emulator_init(&server.emulator);
	status = options_parse(&server.options, &server.emulator, argc, argv);
	if (status < 0) {
		status = EXIT_FAILURE;
		if (server_open(&server) == 0) {
			server_run(&server);
			server_close(&server);
			status = EXIT_SUCCESS;
		}
	}
	emulator_destroy(&server.emulator);
	return status;
}
