/* SPDX-License-Identifier: MIT */
/*
 * What the kernel says of one object, read and shown by a table: each attribute
 * is described once, for the decoder, for people, for JSON, and for who sets it.
 */
#ifndef _QRNG_NETLINK_RECORD_H
#define _QRNG_NETLINK_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libmnl/libmnl.h>

#include "../uapi/qrng.h"
#include "words.h"

#define RECORD_FIELDS_MAX	24
/* The module's names are shorter; qrngd's sources are paths. */
#define RECORD_TEXT_MAX		64

/** enum unit - what a value counts */
enum unit {
	UNIT_TEXT,		/* NUL-terminated, shorter than RECORD_TEXT_MAX */
	UNIT_WORD,		/* an index into the words of the field */
	UNIT_FLAG,		/* 0 or 1 */
	UNIT_MODULES,		/* mask of a card's modules */
	UNIT_QUALITY,		/* bits of entropy in 1024 bits */
	UNIT_ALPHA,		/* negative power of two */
	UNIT_ERRNO,
	UNIT_COUNT,
	UNIT_SAMPLES,
	UNIT_BITS,		/* of entropy */
	UNIT_BYTES,
	UNIT_SECONDS,
	UNIT_SPAN,		/* milliseconds to come */
	UNIT_AGE,		/* milliseconds since something happened */
};

/** enum type - how a value travels */
enum type {
	TYPE_TEXT,
	TYPE_U32,
	TYPE_U64,
};

/** struct limits - what can be set */
struct limits {
	uint64_t min;
	uint64_t max;
};

/**
 * struct field - one attribute
 * @attr: its number
 * @unit: what it counts
 * @type: how it travels
 * @after: an attribute that is zero until there is something to show here, or 0
 * @detail: too much for an overview
 * @key: its name in JSON and, with '-' for '_', in uapi/qrng.yaml
 * @label: its name for people
 * @column: its heading in a list of objects, NULL: not shown there
 * @words: for UNIT_WORD
 * @limits: what can be set; NULL for what cannot
 */
struct field {
	uint16_t attr;
	enum unit unit;
	enum type type;
	uint16_t after;
	bool detail;
	const char *key;
	const char *label;
	const char *column;
	const struct words *words;
	const struct limits *limits;
};

/** struct object - the attributes of one kind of thing, in the order they are shown */
struct object {
	const struct field *fields;
	size_t count;
};

#define RECORD_COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define RECORD_OBJECT(fields)	{ fields, RECORD_COUNT(fields) }

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
const struct field *record_field(const struct object *object, uint16_t attr);
const struct value *record_value(const struct object *object, const struct record *record,
				 uint16_t attr);
void record_put(const struct object *object, struct record *record, uint16_t attr,
		uint64_t number);
void record_put_text(const struct object *object, struct record *record, uint16_t attr,
		     const char *text);
bool record_is(const struct object *object, const struct record *record, uint16_t attr,
	       uint64_t number);

#endif /* _QRNG_NETLINK_RECORD_H */
