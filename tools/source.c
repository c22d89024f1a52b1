// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "complaint.h"
#include "connect.h"
#include "../netlink/json.h"
#include "output.h"
#include "qrngctl.h"
#include "source.h"

/** source_count_healthy() - how many of the sources are in use */
size_t source_count_healthy(const struct list *sources)
{
	size_t healthy = 0, i;

	for (i = 0; i < sources->count; i++)
		healthy += record_is(&source_object, &sources->records[i], QRNG_A_SOURCE_STATE,
				     QRNG_SOURCE_HEALTHY);
	return healthy;
}

/** source_name_ok() - can a source have this name? If not it was said on stderr */
bool source_name_ok(const char *name)
{
	if (name[0] && strlen(name) < QRNG_SOURCE_NAME_MAX)
		return true;
	fprintf(stderr, "qrngctl: the name of a source has 1 to %d characters, not %zu\n",
		QRNG_SOURCE_NAME_MAX - 1, strlen(name));
	return false;
}

static void print_names(FILE *out, const struct list *sources)
{
	size_t i;

	fputs(sources->count ? "; there is" : "; there is none", out);
	for (i = 0; i < sources->count; i++) {
		fputs(i ? ", " : " ", out);
		output_safe(out, record_value(&source_object, &sources->records[i],
					      QRNG_A_SOURCE_NAME)->text);
	}
}

/* Names what there is, so that the next try is right. */
static int no_such_source(struct session *session, const char *name)
{
	struct list sources;

	fputs("qrngctl: no source \"", stderr);
	output_safe(stderr, name);
	fputc('"', stderr);
	if (!fetch_list(session, &source_object, QRNG_CMD_SOURCE_GET, NULL, &sources)) {
		print_names(stderr, &sources);
		list_free(&sources);
	}
	fputc('\n', stderr);
	return QRNGCTL_NO_SOURCE;
}

/**
 * source_complaint() - say on stderr why a request about a source failed
 * @session: the session
 * @object: the table of what was asked for or set
 * @name: of the source, NULL if all were meant
 * @error: what the request returned
 *
 * Return: the enum qrngctl_exit that belongs to it.
 */
int source_complaint(struct session *session, const struct object *object, const char *name,
		     int error)
{
	if (error == -ENODEV && name)
		return no_such_source(session, name);
	return complaint(session, object, error);
}

static void print_records(const struct object *object, const struct list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		fputs(i ? "\n" : "", stdout);
		output_record(stdout, object, &list->records[i]);
	}
	if (!list->count)
		puts("no source");
}

/* One is an object in JSON, all of them an array. */
static int show(struct session *session, const struct call *call, const struct object *object,
		uint8_t command, const char *name)
{
	struct list list;
	int ret;

	ret = fetch_list(session, object, command, name, &list);
	if (ret)
		return source_complaint(session, object, name, ret);
	if (!call->json)
		print_records(object, &list);
	else if (name)
		json_put_record(stdout, object, list.records);
	else
		json_put_list(stdout, object, list.records, list.count);
	if (call->json)
		putchar('\n');
	list_free(&list);
	return QRNGCTL_OK;
}

/** source_show() - show the source of that name as it is now */
int source_show(struct session *session, const struct call *call, const char *name)
{
	return show(session, call, &source_object, QRNG_CMD_SOURCE_GET, name);
}

static int show_command(const struct call *call, const struct object *object, uint8_t command)
{
	const char *name = call->count ? call->words[0] : NULL;
	struct session session;
	int ret;

	if (name && !source_name_ok(name))
		return QRNGCTL_USAGE;
	ret = connect_session(&session);
	if (ret)
		return ret;
	ret = show(&session, call, object, command, name);
	session_close(&session);
	return ret;
}

/** source_command() - show the source that @call names, or all */
int source_command(const struct call *call)
{
	return show_command(call, &source_object, QRNG_CMD_SOURCE_GET);
}

/** health_command() - show the health tests of the source that @call names, or of all */
int health_command(const struct call *call)
{
	return show_command(call, &health_object, QRNG_CMD_HEALTH_GET);
}

/** stats_command() - show the counters of the source that @call names, or of all */
int stats_command(const struct call *call)
{
	return show_command(call, &stats_object, QRNG_CMD_STATS_GET);
}

static void print_sources(const struct call *call, const struct list *sources)
{
	if (call->json) {
		json_put_list(stdout, &source_object, sources->records, sources->count);
		putchar('\n');
	} else if (sources->count) {
		output_table(stdout, &source_object, sources->records, sources->count);
	} else {
		puts("no source");
	}
}

/** sources_command() - list every source */
int sources_command(const struct call *call)
{
	struct session session;
	struct list sources;
	int ret;

	ret = connect_session(&session);
	if (ret)
		return ret;
	ret = fetch_list(&session, &source_object, QRNG_CMD_SOURCE_GET, NULL, &sources);
	if (ret) {
		ret = complaint(&session, &source_object, ret);
	} else {
		print_sources(call, &sources);
		list_free(&sources);
	}
	session_close(&session);
	return ret;
}
