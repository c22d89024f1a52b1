// SPDX-License-Identifier: MIT
/*
 * qrngd: random bytes over HTTP.
 */
#include <stdio.h>
#include <stdlib.h>

#include "build.h"
#include "command.h"
#include "engine.h"
#include "events.h"
#include "host_gcrypt.h"
#include "identity.h"
#include "log.h"
#include "memory.h"
#include "options.h"
#include "sandbox.h"
#include "server.h"
#include "setup.h"

/* What was asked for was to look at the configuration, not to run. */
static int show(const struct qrngd_command *command, struct qrngd_options *options)
{
	if (command->print)
		qrngd_options_print(options);
	else
		printf("%s: good\n", options->file ? options->file : "no file; the rest");
	qrngd_options_free(options);
	return EXIT_SUCCESS;
}

/* All is open and nobody answered yet: what is given up now holds for every thread. */
static int run(struct qrngd_server *server, struct qrngd_engine *engine,
	       const struct qrngd_options *options, const struct qrngd_identity *identity)
{
	if (qrngd_sandbox_enter(options, identity) != 0 || qrngd_engine_start(engine, options) != 0)
		return EXIT_FAILURE;
	qrngd_sandbox_announce(options);
	return qrngd_server_run(server) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Return: the exit status. */
static int start(const struct qrngd_command *command, struct qrngd_options *options)
{
	static struct qrngd_events events;
	static struct qrngd_server server;
	struct qrngd_identity identity;
	struct qrngd_engine *engine;
	struct qrngd_setup *setup;
	int status = EXIT_FAILURE;

	if (qrngd_identity_find(&identity, options) != 0)
		goto err_identity;
	setup = qrngd_setup_make(options, NULL);
	if (!setup)
		goto err_setup;
	qrngd_events_init(&events);
	engine = qrngd_engine_open(&setup->options, &events);
	if (!engine)
		goto err_engine;
	if (qrngd_server_open(&server, command, setup, engine, &events, &identity) != 0)
		goto err_server;
	status = run(&server, engine, &setup->options, &identity);
	qrngd_server_close(&server);
err_server:
	qrngd_engine_close(engine);
err_engine:
	qrngd_setup_drop(setup);
err_setup:
err_identity:
	return status;
}

int main(int argc, char **argv)
{
	static struct qrngd_command command;
	static struct qrngd_options options;
	int status = EXIT_FAILURE;

	switch (qrngd_command_parse(&command, argc, argv)) {
	case QRNGD_COMMAND_DONE:
		return EXIT_SUCCESS;
	case QRNGD_COMMAND_BAD:
		return EXIT_FAILURE;
	case QRNGD_COMMAND_RUN:
		break;
	}
	if (qrngd_passed_take(&command.passed) != 0)
		return EXIT_FAILURE;
	if (qrngd_options_load(&options, &command) != 0)
		return EXIT_FAILURE;
	if (command.check || command.print)
		return show(&command, &options);
	qrngd_log_use(options.log_format);
	qrngd_memory_guard();
	qrngd_server_block_signals();
	if (qrngd_host_init(qrngd_server_generators(&options)) == 0) {
		qrngd_build_announce(&options);
		status = start(&command, &options);
	}
	qrngd_options_free(&options);
	return status;
}
