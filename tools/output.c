// SPDX-License-Identifier: MIT
#include <string.h>

#include "output.h"
#include "../netlink/unit.h"

#define COLUMN_GAP	2

/**
 * output_safe() - print a text from outside
 * @out: where to
 * @text: backslashes and all but printable ASCII come out as \xNN
 */
void output_safe(FILE *out, const char *text)
{
	for (; *text; text++)
		fprintf(out, unit_plain(*text) ? "%c" : "\\x%02x", (unsigned char)*text);
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

static void print_value(FILE *out, const struct field *field, const struct value *value)
{
	char text[UNIT_TEXT_MAX];

	unit_brief(field, value, text, sizeof(text));
	fputs(text, out);
	unit_details(field, value, text, sizeof(text));
	fputs(text, out);
}

static void print_record(FILE *out, const struct object *object, const struct record *record,
			 bool details)
{
	size_t i;

	for (i = 0; i < object->count; i++) {
		const struct field *field = &object->fields[i];
		const struct value *value = &record->values[i];

		if (!value->present || (field->detail && !details))
			continue;
		fprintf(out, "  %-18s ", field->label);
		if (happened(object, record, field))
			print_value(out, field, value);
		else
			fputs("never", out);
		fputc('\n', out);
	}
}

/**
 * output_record() - one thing for people, a line for each value
 * @out: where to
 * @object: the table
 * @record: the values; those that did not come are left out
 */
void output_record(FILE *out, const struct object *object, const struct record *record)
{
	print_record(out, object, record, true);
}

/** output_brief() - like output_record(), without what is too much for an overview */
void output_brief(FILE *out, const struct object *object, const struct record *record)
{
	print_record(out, object, record, false);
}

static size_t column_width(const struct object *object, const struct record *records,
			   size_t count, size_t column)
{
	size_t width = strlen(object->fields[column].column), i;
	char text[UNIT_TEXT_MAX];

	for (i = 0; i < count; i++) {
		unit_brief(&object->fields[column], &records[i].values[column], text,
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
		char text[UNIT_TEXT_MAX];

		if (!widths[i])
			continue;
		if (record)
			unit_brief(field, &record->values[i], text, sizeof(text));
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
