// SPDX-License-Identifier: MIT
#include <string.h>

#include "complaint.h"
#include "connect.h"
#include "drbg.h"
#include "../netlink/json.h"
#include "output.h"
#include "overview.h"
#include "source.h"
#include "warning.h"

static int fetch_lists(struct session *session, struct overview *overview)
{
	int ret;

	ret = fetch_list(session, &source_object, QRNG_CMD_SOURCE_GET, NULL, &overview->sources);
	if (!ret)
		ret = fetch_list(session, &health_object, QRNG_CMD_HEALTH_GET, NULL,
				 &overview->health);
	if (!ret)
		ret = fetch_list(session, &stats_object, QRNG_CMD_STATS_GET, NULL,
				 &overview->stats);
	return ret;
}

/**
 * overview_fetch() - ask for everything
 * @session: an open session
 * @overview: filled in; overview_free() it in any case
 *
 * Return: 0 or -errno, see complaint().
 */
int overview_fetch(struct session *session, struct overview *overview)
{
	int ret;

	memset(overview, 0, sizeof(*overview));
	ret = fetch_one(session, &drbg_object, QRNG_CMD_DRBG_GET, &overview->drbg);
	if (!ret)
		ret = pool_fetch(session, &overview->pool);
	return ret ? ret : fetch_lists(session, overview);
}

/** overview_free() - free the lists */
void overview_free(struct overview *overview)
{
	list_free(&overview->pool.parts);
	list_free(&overview->sources);
	list_free(&overview->health);
	list_free(&overview->stats);
}

/* A source can come or go between two requests: what has no partner is left out. */
static const struct record *find(const struct list *list, const struct record *source)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (!strcmp(list->records[i].values[0].text, source->values[0].text))
			return &list->records[i];
	return NULL;
}

static void print_warning(const char *text, void *data)
{
	fprintf(data, "WARNING: %s\n", text);
}

/* The rest of a source's record, without its name again. */
static void print_rest(FILE *out, const struct object *object, const struct list *list,
		       const struct record *source)
{
	const struct record *found = find(list, source);
	struct record nameless;

	if (!found)
		return;
	nameless = *found;
	nameless.values[0].present = false;
	output_brief(out, object, &nameless);
}

/** overview_print() - everything for people, in a page */
void overview_print(FILE *out, const struct overview *overview)
{
	size_t i;

	if (warning_each(overview, print_warning, out))
		fputc('\n', out);
	fputs("generator\n", out);
	output_brief(out, &drbg_object, &overview->drbg);
	fputs("\npool\n", out);
	output_brief(out, &pool_object, &overview->pool.whole);
	for (i = 0; i < overview->sources.count; i++) {
		const struct record *source = &overview->sources.records[i];

		fputs("\nsource\n", out);
		output_brief(out, &source_object, source);
		print_rest(out, &stats_object, &overview->stats, source);
		print_rest(out, &health_object, &overview->health, source);
	}
	if (!overview->sources.count)
		fputs("\nno source\n", out);
}

/** struct strings - an array on its way out */
struct strings {
	FILE *out;
	const char *comma;
};

static void json_warning(const char *text, void *data)
{
	struct strings *strings = data;

	fputs(strings->comma, strings->out);
	json_put_string(strings->out, text);
	strings->comma = ",";
}

static void json_lists(FILE *out, const struct overview *overview)
{
	const struct {
		const char *key;
		const struct object *object;
		const struct list *list;
	} lists[] = {
		{ "sources", &source_object, &overview->sources },
		{ "health", &health_object, &overview->health },
		{ "stats", &stats_object, &overview->stats },
	};
	size_t i;

	for (i = 0; i < RECORD_COUNT(lists); i++) {
		fprintf(out, ",\"%s\":", lists[i].key);
		json_put_list(out, lists[i].object, lists[i].list->records, lists[i].list->count);
	}
}

/** overview_json() - everything as an object, in a line */
void overview_json(FILE *out, const struct overview *overview)
{
	struct strings strings = { out, "" };

	fputs("{\"drbg\":", out);
	json_put_record(out, &drbg_object, &overview->drbg);
	fputs(",\"pool\":", out);
	pool_json(out, &overview->pool);
	json_lists(out, overview);
	fputs(",\"warnings\":[", out);
	warning_each(overview, json_warning, &strings);
	fputs("]}\n", out);
}

/** overview_show() - ask for everything and show it; returns 0 or -errno */
int overview_show(struct session *session, bool json)
{
	struct overview overview;
	int ret;

	ret = overview_fetch(session, &overview);
	if (!ret && json)
		overview_json(stdout, &overview);
	else if (!ret)
		overview_print(stdout, &overview);
	overview_free(&overview);
	return ret;
}

/** overview_command() - show everything */
int overview_command(const struct call *call)
{
	struct session session;
	int ret;

	ret = connect_session(&session);
	if (ret)
		return ret;
	ret = overview_show(&session, call->json);
	if (ret)
		ret = complaint(&session, NULL, ret);
	session_close(&session);
	return ret;
}
