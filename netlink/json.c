// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "json.h"
#include "unit.h"

/** json_put_string() - a text from outside, in quotes */
void json_put_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++)
		fprintf(out, unit_plain(*text) && *text != '"' ? "%c" : "\\u%04x",
			(unsigned char)*text);
	fputc('"', out);
}

static void json_value(FILE *out, const struct field *field, const struct value *value)
{
	char word[UNIT_TEXT_MAX];

	if (field->unit == UNIT_TEXT) {
		json_put_string(out, value->text);
	} else if (field->unit == UNIT_WORD) {
		unit_word(field, value, word, sizeof(word));
		json_put_string(out, word);
	} else if (field->unit == UNIT_FLAG) {
		fputs(value->number ? "true" : "false", out);
	} else {
		fprintf(out, "%" PRIu64, value->number);
	}
}

/**
 * json_put_members() - what stands between the braces of an object
 * @out: where to
 * @object: the table
 * @record: the values; those that did not come are left out
 */
void json_put_members(FILE *out, const struct object *object, const struct record *record)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < object->count; i++) {
		if (!record->values[i].present)
			continue;
		fprintf(out, "%s\"%s\":", comma, object->fields[i].key);
		json_value(out, &object->fields[i], &record->values[i]);
		comma = ",";
	}
}

/**
 * json_put_record() - one thing as an object
 * @out: where to
 * @object: the table
 * @record: the values
 */
void json_put_record(FILE *out, const struct object *object, const struct record *record)
{
	fputc('{', out);
	json_put_members(out, object, record);
	fputc('}', out);
}

/**
 * json_put_list() - things as an array
 * @out: where to
 * @object: the table
 * @records: the things
 * @count: how many
 */
void json_put_list(FILE *out, const struct object *object, const struct record *records,
		   size_t count)
{
	size_t i;

	fputc('[', out);
	for (i = 0; i < count; i++) {
		fputs(i ? "," : "", out);
		json_put_record(out, object, &records[i]);
	}
	fputc(']', out);
}
