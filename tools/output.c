// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "output.h"

/* The longest text, each byte of it escaped. */
#define CELL_MAX	(4 * RECORD_TEXT_MAX + 64)
#define COLUMN_GAP	2

static bool plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '\\';
}

static void safe_text(const char *text, char *to, size_t size)
{
	size_t used = 0;

	to[0] = '\0';
	for (; *text && used + 5 <= size; text++)
		used += snprintf(to + used, size - used, plain(*text) ? "%c" : "\\x%02x",
				 (unsigned char)*text);
}

/**
 * output_safe() - print a text from outside
 * @out: where to
 * @text: backslashes and all but printable ASCII come out as \xNN
 */
void output_safe(FILE *out, const char *text)
{
	for (; *text; text++)
		fprintf(out, plain(*text) ? "%c" : "\\x%02x", (unsigned char)*text);
}

/**
 * output_word() - the name of an enum's value
 * @field: of UNIT_WORD
 * @value: its value
 * @buffer: used for values that have no name here: a newer module may know more
 * @size: its bytes
 */
const char *output_word(const struct field *field, const struct value *value, char *buffer,
			size_t size)
{
	if (value->number < field->word_count)
		return field->words[value->number].word;
	snprintf(buffer, size, "unknown-%" PRIu64, value->number);
	return buffer;
}

static void bytes_text(uint64_t bytes, char *to, size_t size)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int i = 0;
	uint64_t unit = 1024;

	if (bytes < unit) {
		snprintf(to, size, "%" PRIu64 " %s", bytes, bytes == 1 ? "byte" : "bytes");
		return;
	}
	while (bytes / unit >= 1024) {
		unit *= 1024;
		i++;
	}
	/* Cut, not rounded: never more than there is, and never 1024.0. */
	snprintf(to, size, "%" PRIu64 ".%u %s", bytes / unit,
		 (unsigned int)(bytes % unit / (unit / 1024) * 10 / 1024), units[i]);
}

static void age_text(uint64_t ms, char *to, size_t size)
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" }, { 1, "second" } };
	uint64_t seconds = ms / 1000, count;
	size_t i = 0;

	if (!seconds) {
		snprintf(to, size, "less than a second ago");
		return;
	}
	/* "90 seconds" says more than "1 minute". */
	while (units[i].seconds > 1 && seconds < 2 * units[i].seconds)
		i++;
	count = seconds / units[i].seconds;
	snprintf(to, size, "%" PRIu64 " %s%s ago", count, units[i].name, count == 1 ? "" : "s");
}

/* Short enough for a column. */
static void brief_text(const struct field *field, const struct value *value, char *to, size_t size)
{
	char buffer[32];

	if (!value->present)
		snprintf(to, size, "-");
	else if (field->unit == UNIT_TEXT)
		safe_text(value->text, to, size);
	else if (field->unit == UNIT_WORD)
		snprintf(to, size, "%s", output_word(field, value, buffer, sizeof(buffer)));
	else if (field->unit == UNIT_BYTES)
		bytes_text(value->number, to, size);
	else if (field->unit == UNIT_AGE)
		age_text(value->number, to, size);
	else
		snprintf(to, size, "%" PRIu64, value->number);
}

static void print_details(FILE *out, const struct field *field, const struct value *value)
{
	uint64_t number = value->number;

	if (field->unit == UNIT_WORD && number < field->word_count)
		fprintf(out, " (%s)", field->words[number].meaning);
	else if (field->unit == UNIT_QUALITY)
		fprintf(out, " of 1024 bits (%" PRIu64 " %%)", number * 100 / 1024);
	else if (field->unit == UNIT_BYTES && number >= 1024)
		fprintf(out, " (%" PRIu64 " bytes)", number);
	else if (field->unit == UNIT_AGE)
		fprintf(out, " (%" PRIu64 " ms)", number);
}

/* Has what this value tells about happened at all? */
static bool happened(const struct object *object, const struct record *record,
		     const struct field *field)
{
	const struct value *cause;

	if (!field->after)
		return true;
	cause = record_value(object, record, field->after);
	return !cause->present || cause->number;
}

/**
 * output_record() - one thing for people, a line for each value
 * @out: where to
 * @object: the table
 * @record: the values; those that did not come are left out
 */
void output_record(FILE *out, const struct object *object, const struct record *record)
{
	char text[CELL_MAX];
	size_t i;

	for (i = 0; i < object->count; i++) {
		const struct field *field = &object->fields[i];
		const struct value *value = &record->values[i];

		if (!value->present)
			continue;
		fprintf(out, "  %-18s ", field->label);
		if (happened(object, record, field)) {
			brief_text(field, value, text, sizeof(text));
			fputs(text, out);
			print_details(out, field, value);
		} else {
			fputs("never", out);
		}
		fputc('\n', out);
	}
}

static size_t column_width(const struct object *object, const struct record *records,
			   size_t count, size_t column)
{
	size_t width = strlen(object->fields[column].column), i;
	char text[CELL_MAX];

	for (i = 0; i < count; i++) {
		brief_text(&object->fields[column], &records[i].values[column], text,
			   sizeof(text));
		if (strlen(text) > width)
			width = strlen(text);
	}
	return width;
}

/* @record: NULL for the headings. @widths: 0 for a column that is not shown. */
static void print_row(FILE *out, const struct object *object, const size_t *widths,
		      const struct record *record)
{
	size_t i, gap = 0;

	for (i = 0; i < object->count; i++) {
		const struct field *field = &object->fields[i];
		char text[CELL_MAX];

		if (!widths[i])
			continue;
		if (record)
			brief_text(field, &record->values[i], text, sizeof(text));
		else
			snprintf(text, sizeof(text), "%s", field->column);
		/* Gaps are printed late, so that no line ends in blanks. */
		fprintf(out, "%*s%s", (int)gap, "", text);
		gap = widths[i] - strlen(text) + COLUMN_GAP;
	}
	fputc('\n', out);
}

/**
 * output_table() - a list for people, a line for each thing
 * @out: where to
 * @object: the table; fields with a column heading are shown
 * @records: the things
 * @count: how many
 */
void output_table(FILE *out, const struct object *object, const struct record *records,
		  size_t count)
{
	size_t widths[RECORD_FIELDS_MAX] = { 0 }, i;

	for (i = 0; i < object->count; i++)
		if (object->fields[i].column)
			widths[i] = column_width(object, records, count, i);
	print_row(out, object, widths, NULL);
	for (i = 0; i < count; i++)
		print_row(out, object, widths, &records[i]);
}

static void json_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++)
		fprintf(out, plain(*text) && *text != '"' ? "%c" : "\\u%04x", (unsigned char)*text);
	fputc('"', out);
}

static void json_value(FILE *out, const struct field *field, const struct value *value)
{
	char buffer[32];

	if (field->unit == UNIT_TEXT)
		json_string(out, value->text);
	else if (field->unit == UNIT_WORD)
		json_string(out, output_word(field, value, buffer, sizeof(buffer)));
	else
		fprintf(out, "%" PRIu64, value->number);
}

/**
 * output_json_record() - one thing as a JSON object, without a final newline
 * @out: where to
 * @object: the table
 * @record: the values; those that did not come are left out
 */
void output_json_record(FILE *out, const struct object *object, const struct record *record)
{
	const char *comma = "";
	size_t i;

	fputc('{', out);
	for (i = 0; i < object->count; i++) {
		if (!record->values[i].present)
			continue;
		fprintf(out, "%s\"%s\":", comma, object->fields[i].key);
		json_value(out, &object->fields[i], &record->values[i]);
		comma = ",";
	}
	fputc('}', out);
}

/**
 * output_json_list() - things as a JSON array, without a final newline
 * @out: where to
 * @object: the table
 * @records: the things
 * @count: how many
 */
void output_json_list(FILE *out, const struct object *object, const struct record *records,
		      size_t count)
{
	size_t i;

	fputc('[', out);
	for (i = 0; i < count; i++) {
		fputs(i ? "," : "", out);
		output_json_record(out, object, &records[i]);
	}
	fputc(']', out);
}
