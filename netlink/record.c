// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <linux/genetlink.h>

#include "record.h"

/** struct parse - the state of one record_parse() */
struct parse {
	const struct object *object;
	struct record *record;
	const struct field *wrong;
};

static bool read_text(const struct nlattr *attr, struct value *value)
{
	if (mnl_attr_get_payload_len(attr) > sizeof(value->text))
		return false;
	snprintf(value->text, sizeof(value->text), "%s", mnl_attr_get_str(attr));
	return true;
}

static bool read_value(const struct nlattr *attr, enum type type, struct value *value)
{
	static const enum mnl_attr_data_type types[] = {
		[TYPE_TEXT] = MNL_TYPE_NUL_STRING,
		[TYPE_U32] = MNL_TYPE_U32,
		[TYPE_U64] = MNL_TYPE_U64,
	};

	if (mnl_attr_validate(attr, types[type]) < 0)
		return false;
	if (type == TYPE_TEXT)
		return read_text(attr, value);
	value->number = type == TYPE_U32 ? mnl_attr_get_u32(attr) : mnl_attr_get_u64(attr);
	return true;
}

static int on_attr(const struct nlattr *attr, void *data)
{
	struct parse *parse = data;
	const struct field *field = record_field(parse->object, mnl_attr_get_type(attr));
	struct value *value;

	/* A newer module says more than this program knows. */
	if (!field)
		return MNL_CB_OK;
	value = &parse->record->values[field - parse->object->fields];
	if (!read_value(attr, field->type, value)) {
		parse->wrong = field;
		return MNL_CB_ERROR;
	}
	value->present = true;
	return MNL_CB_OK;
}

/**
 * record_parse() - read one generic-netlink message
 * @object: what to look for
 * @nlh: the message
 * @record: filled in; attributes that did not come are not present
 *
 * Return: NULL, or the field whose type or length is not what uapi/qrng.h says.
 */
const struct field *record_parse(const struct object *object, const struct nlmsghdr *nlh,
				 struct record *record)
{
	struct parse parse = { .object = object, .record = record };

	memset(record, 0, sizeof(*record));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), on_attr, &parse);
	return parse.wrong;
}

/**
 * record_field() - look one attribute up
 * @object: the table
 * @attr: its number
 *
 * Return: NULL if the table has no @attr.
 */
const struct field *record_field(const struct object *object, uint16_t attr)
{
	size_t i;

	for (i = 0; i < object->count; i++)
		if (object->fields[i].attr == attr)
			return &object->fields[i];
	return NULL;
}

/**
 * record_value() - look one value up
 * @object: what the record was read by
 * @record: the record
 * @attr: a number from @object's table
 *
 * Return: the value, which may not be present; NULL if the table has no @attr.
 */
const struct value *record_value(const struct object *object, const struct record *record,
				 uint16_t attr)
{
	const struct field *field = record_field(object, attr);

	return field ? &record->values[field - object->fields] : NULL;
}

static struct value *value_to_put(const struct object *object, struct record *record,
				  uint16_t attr)
{
	struct value *value = &record->values[record_field(object, attr) - object->fields];

	value->present = true;
	return value;
}

/**
 * record_put() - set one value, as if it had come
 * @object: the table
 * @record: the record
 * @attr: a number from @object's table
 * @number: the value
 */
void record_put(const struct object *object, struct record *record, uint16_t attr, uint64_t number)
{
	value_to_put(object, record, attr)->number = number;
}

/** record_put_text() - the same with a text, which is cut where it is too long */
void record_put_text(const struct object *object, struct record *record, uint16_t attr,
		     const char *text)
{
	struct value *value = value_to_put(object, record, attr);

	snprintf(value->text, sizeof(value->text), "%s", text);
}

/** record_is() - did a value come, and is it @number? */
bool record_is(const struct object *object, const struct record *record, uint16_t attr,
	       uint64_t number)
{
	const struct value *value = record_value(object, record, attr);

	return value && value->present && value->number == number;
}
