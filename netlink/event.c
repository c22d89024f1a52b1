// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "event.h"
#include "json.h"
#include "unit.h"

/* Room for a date, a time, and any year that fits an int. */
#define TIME_MAX	48

static const struct field fields[] = {
	{ QRNG_A_EVENT_KIND, UNIT_WORD, TYPE_U32, .key = "kind", .label = "kind",
	  .words = &words_event },
	{ QRNG_A_EVENT_TIME_MS, UNIT_COUNT, TYPE_U64, .key = "time_ms", .label = "time" },
	{ QRNG_A_EVENT_SOURCE, UNIT_TEXT, TYPE_TEXT, .key = "source", .label = "source" },
	{ QRNG_A_EVENT_SOURCE_STATE, UNIT_WORD, TYPE_U32, .key = "source_state",
	  .label = "state", .words = &words_source_state },
	{ QRNG_A_EVENT_SOURCE_REASON, UNIT_WORD, TYPE_U32, .key = "source_reason",
	  .label = "because", .words = &words_source_reason },
	{ QRNG_A_EVENT_MODULES, UNIT_MODULES, TYPE_U32, .key = "modules", .label = "modules" },
	{ QRNG_A_EVENT_DRBG_STATE, UNIT_WORD, TYPE_U32, .key = "drbg_state", .label = "state",
	  .words = &words_drbg_state },
	{ QRNG_A_EVENT_GENERATION, UNIT_COUNT, TYPE_U64, .key = "generation",
	  .label = "generation" },
	{ QRNG_A_EVENT_RESEED_REASON, UNIT_WORD, TYPE_U32, .key = "reseed_reason",
	  .label = "last reseed", .words = &words_reseed_reason },
};

_Static_assert(RECORD_COUNT(fields) <= RECORD_FIELDS_MAX, "a record must hold every field");

const struct object event_object = RECORD_OBJECT(fields);

static struct timespec now(clockid_t clock)
{
	struct timespec time = { 0 };

	clock_gettime(clock, &time);
	return time;
}

static int64_t milliseconds(const struct timespec *time)
{
	return (int64_t)time->tv_sec * 1000 + time->tv_nsec / 1000000;
}

/**
 * event_time() - when an event happened, by the clock on the wall
 * @event: tells a time since boot; NULL, or if it does not: now
 */
struct timespec event_time(const struct record *event)
{
	const struct value *value =
		event ? record_value(&event_object, event, QRNG_A_EVENT_TIME_MS) : NULL;
	struct timespec wall = now(CLOCK_REALTIME), boot = now(CLOCK_BOOTTIME);
	int64_t ms;

	if (!value || !value->present || value->number > (uint64_t)milliseconds(&boot))
		return wall;
	ms = milliseconds(&wall) - milliseconds(&boot) + (int64_t)value->number;
	return (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
}

/* For programs in UTC, for people where they live. */
static void time_text(bool utc, const struct timespec *time, char *to, size_t size)
{
	struct tm tm = { 0 };
	char seconds[TIME_MAX - 8] = "";

	if (utc)
		gmtime_r(&time->tv_sec, &tm);
	else
		localtime_r(&time->tv_sec, &tm);
	strftime(seconds, sizeof(seconds), utc ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(to, size, "%s.%03u%s", seconds, (unsigned int)(time->tv_nsec / 1000000 % 1000),
		 utc ? "Z" : "");
}

static void print_json(FILE *out, const struct record *event, const char *time)
{
	fprintf(out, "{\"time\":\"%s\",", time);
	json_put_members(out, &event_object, event);
	fputs("}\n", out);
}

static void print_value(FILE *out, const struct field *field, const struct value *value,
			const char *before)
{
	char text[UNIT_TEXT_MAX];

	unit_brief(field, value, text, sizeof(text));
	fprintf(out, "%s%s %s", before, field->label, text);
	if (field->unit == UNIT_WORD) {
		unit_details(field, value, text, sizeof(text));
		fputs(text, out);
	}
}

/**
 * event_describe() - what happened, without when, and without a newline
 * @out: where to
 * @event: the event: whom it befell, what it was, and the rest as it comes
 */
void event_describe(FILE *out, const struct record *event)
{
	const struct value *source = record_value(&event_object, event, QRNG_A_EVENT_SOURCE);
	const struct value *kind = record_value(&event_object, event, QRNG_A_EVENT_KIND);
	char who[UNIT_TEXT_MAX], what[UNIT_TEXT_MAX];
	const char *before = ": ";
	size_t i;

	unit_safe(source->present ? source->text : "drbg", who, sizeof(who));
	unit_brief(record_field(&event_object, QRNG_A_EVENT_KIND), kind, what, sizeof(what));
	fprintf(out, "%s %s", who, what);
	for (i = 0; i < event_object.count; i++) {
		const struct value *value = &event->values[i];

		if (!value->present || event_object.fields[i].attr <= QRNG_A_EVENT_SOURCE)
			continue;
		print_value(out, &event_object.fields[i], value, before);
		before = ", ";
	}
}

static void print_text(FILE *out, const struct record *event, const char *time)
{
	fprintf(out, "%s ", time);
	event_describe(out, event);
	fputc('\n', out);
}

/**
 * event_print() - one line for one event
 * @out: where to
 * @json: as an object
 * @event: the event
 * @time: when it was
 */
void event_print(FILE *out, bool json, const struct record *event, const struct timespec *time)
{
	char text[TIME_MAX];

	time_text(json, time, text, sizeof(text));
	if (json)
		print_json(out, event, text);
	else
		print_text(out, event, text);
}

/**
 * event_note() - one line about the listening itself
 * @out: where to
 * @json: as an object
 * @word: what happened
 * @time: when it was
 */
void event_note(FILE *out, bool json, const char *word, const struct timespec *time)
{
	char text[TIME_MAX];

	time_text(json, time, text, sizeof(text));
	fprintf(out, json ? "{\"time\":\"%s\",\"kind\":\"%s\"}\n" : "%s qrngctl %s\n", text, word);
}
