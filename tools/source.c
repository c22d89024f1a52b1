// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netlink.h>

#include "output.h"
#include "qrngctl.h"
#include "source.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct word states[] = {
	[QRNG_SOURCE_STARTUP] = { "startup", "first start-up test under way" },
	[QRNG_SOURCE_HEALTHY] = { "healthy", "tested, in use" },
	[QRNG_SOURCE_FAILED] = { "failed", "a test or the hardware failed; will be retried" },
	[QRNG_SOURCE_RECOVERING] = { "recovering", "being reset" },
	[QRNG_SOURCE_GONE] = { "gone", "the hardware was taken out" },
	[QRNG_SOURCE_VALIDATING] = { "validating", "start-up test again" },
	[QRNG_SOURCE_OPEN] = { "open", "failed too often; rests for a minute or more" },
	[QRNG_SOURCE_HALF_OPEN] = { "half-open", "one try after a rest" },
};

static const struct field fields[] = {
	{ QRNG_A_SOURCE_NAME, UNIT_TEXT, .key = "name", .label = "name", .column = "NAME" },
	{ QRNG_A_SOURCE_STATE, UNIT_WORD, .key = "state", .label = "state", .column = "STATE",
	  .words = states, .word_count = COUNT(states) },
	{ QRNG_A_SOURCE_QUALITY, UNIT_QUALITY, .key = "quality", .label = "entropy claim",
	  .column = "CLAIM" },
	{ QRNG_A_SOURCE_RAW_BYTES, UNIT_BYTES, .key = "raw_bytes", .label = "noise tested",
	  .column = "TESTED" },
	{ QRNG_A_SOURCE_USED_BYTES, UNIT_BYTES, .key = "used_bytes", .label = "noise used",
	  .column = "USED" },
	{ QRNG_A_SOURCE_RCT_FAILURES, UNIT_COUNT, .key = "rct_failures",
	  .label = "repetition fails", .column = "RCT" },
	{ QRNG_A_SOURCE_APT_FAILURES, UNIT_COUNT, .key = "apt_failures",
	  .label = "proportion fails", .column = "APT" },
	{ QRNG_A_SOURCE_STARTUP_PASSES, UNIT_COUNT, .key = "startup_passes",
	  .label = "start-ups passed" },
	{ QRNG_A_SOURCE_REGISTER_READS, UNIT_COUNT, .key = "register_reads",
	  .label = "register reads" },
	{ QRNG_A_SOURCE_OVERFLOWS, UNIT_COUNT, .key = "overflows", .label = "FIFO overflows" },
	{ QRNG_A_SOURCE_TIMEOUTS, UNIT_COUNT, .key = "timeouts", .label = "time-outs" },
};

_Static_assert(COUNT(fields) <= RECORD_FIELDS_MAX, "a record must hold every field");

const struct object source_object = { fields, COUNT(fields) };

/** struct gathering - one answer on its way into a list */
struct gathering {
	struct session *session;
	struct sources *sources;
};

static int gather(const struct nlmsghdr *nlh, void *data)
{
	struct gathering *gathering = data;
	struct sources *sources = gathering->sources;
	const struct field *wrong;
	struct record *list;

	list = reallocarray(sources->list, sources->count + 1, sizeof(*list));
	if (!list)
		return MNL_CB_ERROR;
	sources->list = list;
	wrong = record_parse(&source_object, nlh, &list[sources->count]);
	if (wrong)
		return session_malformed(gathering->session, wrong->key);
	sources->count++;
	return MNL_CB_OK;
}

/* @name: NULL for every source. */
static int fetch(struct session *session, const char *name, struct sources *sources)
{
	_Alignas(struct nlmsghdr) char buffer[SESSION_REQUEST_MAX];
	struct gathering gathering = { session, sources };
	struct nlmsghdr *nlh;
	int ret;

	nlh = session_request(session, buffer, QRNG_CMD_SOURCE_GET, name ? NLM_F_ACK : NLM_F_DUMP);
	if (name)
		mnl_attr_put_strz(nlh, QRNG_A_SOURCE_NAME, name);
	memset(sources, 0, sizeof(*sources));
	ret = session_ask(session, nlh, gather, &gathering);
	if (!ret && name && !sources->count)
		ret = -ENODATA;
	if (ret)
		source_free(sources);
	return ret;
}

/**
 * source_fetch_all() - ask for every source
 * @session: an open session
 * @sources: filled in; source_free() it
 *
 * Return: 0 or -errno, see session_complain(); nothing to free then.
 */
int source_fetch_all(struct session *session, struct sources *sources)
{
	return fetch(session, NULL, sources);
}

/** source_free() - free the list */
void source_free(struct sources *sources)
{
	free(sources->list);
	memset(sources, 0, sizeof(*sources));
}

/** source_count_healthy() - how many of the sources are in use */
size_t source_count_healthy(const struct sources *sources)
{
	size_t healthy = 0, i;

	for (i = 0; i < sources->count; i++) {
		const struct value *state =
			record_value(&source_object, &sources->list[i], QRNG_A_SOURCE_STATE);

		healthy += state->present && state->number == QRNG_SOURCE_HEALTHY;
	}
	return healthy;
}

static void print_sources(const struct call *call, const struct sources *sources)
{
	if (call->json) {
		output_json_list(stdout, &source_object, sources->list, sources->count);
		putchar('\n');
	} else if (sources->count) {
		output_table(stdout, &source_object, sources->list, sources->count);
	} else {
		puts("no source");
	}
}

/** sources_command() - list every source */
int sources_command(const struct call *call)
{
	struct sources sources;
	struct session session;
	int ret;

	ret = session_open(&session);
	if (ret)
		return ret;
	ret = source_fetch_all(&session, &sources);
	if (ret) {
		ret = session_complain(&session, ret);
	} else {
		print_sources(call, &sources);
		source_free(&sources);
	}
	session_close(&session);
	return ret;
}

static void print_names(FILE *out, const struct sources *sources)
{
	size_t i;

	fputs(sources->count ? "; there is" : "; there is none", out);
	for (i = 0; i < sources->count; i++) {
		fputs(i ? ", " : " ", out);
		output_safe(out, record_value(&source_object, &sources->list[i],
					      QRNG_A_SOURCE_NAME)->text);
	}
}

/* Names what there is, so that the next try is right. */
static int no_such_source(struct session *session, const char *name)
{
	struct sources sources;

	fputs("qrngctl: no source \"", stderr);
	output_safe(stderr, name);
	fputc('"', stderr);
	if (!source_fetch_all(session, &sources)) {
		print_names(stderr, &sources);
		source_free(&sources);
	}
	fputc('\n', stderr);
	return QRNGCTL_NO_SOURCE;
}

static int show_source(struct session *session, const struct call *call)
{
	struct sources sources;
	int ret;

	ret = fetch(session, call->argument, &sources);
	if (ret == -ENODEV)
		return no_such_source(session, call->argument);
	if (ret)
		return session_complain(session, ret);
	if (call->json) {
		output_json_record(stdout, &source_object, sources.list);
		putchar('\n');
	} else {
		output_record(stdout, &source_object, sources.list);
	}
	source_free(&sources);
	return QRNGCTL_OK;
}

/** source_command() - show the source that @call names */
int source_command(const struct call *call)
{
	struct session session;
	int ret;

	if (!call->argument[0] || strlen(call->argument) >= QRNG_SOURCE_NAME_MAX) {
		fprintf(stderr, "qrngctl: the name of a source has 1 to %d characters, not %zu\n",
			QRNG_SOURCE_NAME_MAX - 1, strlen(call->argument));
		return QRNGCTL_USAGE;
	}
	ret = session_open(&session);
	if (ret)
		return ret;
	ret = show_source(&session, call);
	session_close(&session);
	return ret;
}
