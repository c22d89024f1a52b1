// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "drbg.h"
#include "output.h"
#include "qrngctl.h"
#include "source.h"

/** struct overview - everything there is to see */
struct overview {
	struct record drbg;
	struct sources sources;
};

/* Return: enum qrngctl_exit; on QRNGCTL_OK the sources are the caller's to free. */
static int take(struct overview *overview)
{
	struct session session;
	int ret;

	ret = session_open(&session);
	if (ret)
		return ret;
	ret = drbg_fetch(&session, &overview->drbg);
	if (!ret)
		ret = source_fetch_all(&session, &overview->sources);
	if (ret)
		ret = session_complain(&session, ret);
	session_close(&session);
	return ret;
}

static void print_text(const struct overview *overview)
{
	const struct sources *sources = &overview->sources;
	size_t i;

	puts("generator");
	output_record(stdout, &drbg_object, &overview->drbg);
	for (i = 0; i < sources->count; i++) {
		puts("\nsource");
		output_record(stdout, &source_object, &sources->list[i]);
	}
	if (!sources->count)
		puts("\nno source");
}

static void print_json(const struct overview *overview)
{
	fputs("{\"drbg\":", stdout);
	output_json_record(stdout, &drbg_object, &overview->drbg);
	fputs(",\"sources\":", stdout);
	output_json_list(stdout, &source_object, overview->sources.list, overview->sources.count);
	puts("}");
}

/** overview_command() - show the generator and every source */
int overview_command(const struct call *call)
{
	struct overview overview;
	int ret;

	ret = take(&overview);
	if (ret)
		return ret;
	if (call->json)
		print_json(&overview);
	else
		print_text(&overview);
	source_free(&overview.sources);
	return QRNGCTL_OK;
}

static void print_check(const struct call *call, bool ready, const struct sources *sources)
{
	size_t healthy = source_count_healthy(sources);

	if (call->json)
		printf("{\"ready\":%s,\"sources\":%zu,\"healthy\":%zu}\n", ready ? "true" : "false",
		       sources->count, healthy);
	else
		printf("%s: %zu of %zu sources healthy\n", ready ? "ready" : "not ready", healthy,
		       sources->count);
}

/**
 * check_command() - can random bytes be had now?
 * @call: how it was asked
 *
 * The one command whose exit code judges what it saw: the others end well when
 * they could show it, however bad it is.
 */
int check_command(const struct call *call)
{
	struct overview overview;
	const struct value *state;
	bool ready;
	int ret;

	ret = take(&overview);
	if (ret)
		return ret;
	state = record_value(&drbg_object, &overview.drbg, QRNG_A_DRBG_STATE);
	ready = state->present && state->number == QRNG_DRBG_READY;
	print_check(call, ready, &overview.sources);
	source_free(&overview.sources);
	return ready ? QRNGCTL_OK : QRNGCTL_NOT_READY;
}
