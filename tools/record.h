/* SPDX-License-Identifier: MIT */
/*
 * What the kernel says of one object, read and shown by a table: each attribute
 * is described once, for the decoder, for people and for JSON.
 */
#ifndef _QRNGCTL_RECORD_H
#define _QRNGCTL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libmnl/libmnl.h>

#include "../uapi/qrng.h"

#define RECORD_FIELDS_MAX	16
#define RECORD_TEXT_MAX		QRNG_SOURCE_NAME_MAX

/** enum unit - what a value counts; fixes its type on the wire too */
enum unit {
	UNIT_TEXT,		/* NUL-terminated, shorter than RECORD_TEXT_MAX */
	UNIT_WORD,		/* u32, an index into the words of the field */
	UNIT_QUALITY,		/* u32, bits of entropy in 1024 bits */
	UNIT_COUNT,		/* u64 */
	UNIT_BYTES,		/* u64 */
	UNIT_AGE,		/* u64, milliseconds since something happened */
};

/** struct word - one value of an enum */
struct word {
	const char *word;
	const char *meaning;
};

/**
 * struct field - one attribute
 * @attr: its number
 * @unit: what it counts
 * @key: its name in JSON, that of its sysfs file where there is one
 * @label: its name for people
 * @column: its heading in a list of objects, NULL: not shown there
 * @words: for UNIT_WORD
 * @word_count: how many
 * @after: an attribute that is zero until there is something to show here, or 0
 */
struct field {
	uint16_t attr;
	enum unit unit;
	const char *key;
	const char *label;
	const char *column;
	const struct word *words;
	size_t word_count;
	uint16_t after;
};

/** struct object - the attributes of one kind of thing, in the order they are shown */
struct object {
	const struct field *fields;
	size_t count;
};

/** struct value - what came for one field */
struct value {
	bool present;
	uint64_t number;
	char text[RECORD_TEXT_MAX];
};

/** struct record - what came for one thing; values[i] belongs to fields[i] */
struct record {
	struct value values[RECORD_FIELDS_MAX];
};

const struct field *record_parse(const struct object *object, const struct nlmsghdr *nlh,
				 struct record *record);
const struct value *record_value(const struct object *object, const struct record *record,
				 uint16_t attr);

#endif /* _QRNGCTL_RECORD_H */
