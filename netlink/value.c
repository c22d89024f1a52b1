// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "unit.h"
#include "value.h"

/** struct multiple - a unit, and how many of the smallest it is */
struct multiple {
	const char *name;
	uint64_t factor;
};

static const struct multiple seconds[] = {
	{ "s", 1 }, { "m", 60 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 }, { NULL, 0 },
};

static const struct multiple bytes[] = {
	{ "B", 1 },
	{ "KiB", (uint64_t)1 << 10 },
	{ "MiB", (uint64_t)1 << 20 },
	{ "GiB", (uint64_t)1 << 30 },
	{ "TiB", (uint64_t)1 << 40 },
	{ NULL, 0 },
};

/* Decimal digits, at least one, and not more than a u64 holds. */
static bool digits(const char *text, const char **rest, uint64_t *number)
{
	*number = 0;
	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, *text - '0', number))
			return false;
	*rest = text;
	return true;
}

static bool plain_number(const char *text, uint64_t *number)
{
	const char *rest;

	return digits(text, &rest, number) && !*rest;
}

/* Upper and lower case are one: nobody sets millibytes. */
static bool with_unit(const char *text, const struct multiple *units, uint64_t *number)
{
	const char *rest;

	if (!digits(text, &rest, number))
		return false;
	if (!*rest)
		return true;
	for (; units->name; units++)
		if (!strcasecmp(rest, units->name))
			return !__builtin_mul_overflow(*number, units->factor, number);
	return false;
}

/* "768" is of 1024, "0.75" of one; rounded to the next of 1024. */
static bool quality(const char *text, uint64_t *number)
{
	uint64_t whole, parts = 0, unit = 1;
	const char *rest;

	if (!digits(text, &rest, &whole))
		return false;
	*number = whole;
	if (!*rest)
		return true;
	if (*rest != '.' || !rest[1])
		return false;
	for (rest++; *rest >= '0' && *rest <= '9' && unit < 1000000000; rest++) {
		parts = parts * 10 + (*rest - '0');
		unit *= 10;
	}
	*number = (parts * 1024 + unit / 2) / unit;
	return !*rest && !__builtin_mul_overflow(whole, 1024, &whole) &&
	       !__builtin_add_overflow(whole, *number, number);
}

/* "30" and "2^-30" are the same level. */
static bool alpha(const char *text, uint64_t *number)
{
	return plain_number(strncmp(text, "2^-", 3) ? text : text + 3, number);
}

static bool flag(const char *text, uint64_t *number)
{
	static const char *const words[][4] = {
		{ "0", "no", "off", "false" },
		{ "1", "yes", "on", "true" },
	};
	size_t i;

	for (i = 0; i < 8; i++) {
		if (!strcasecmp(text, words[i % 2][i / 2])) {
			*number = i % 2;
			return true;
		}
	}
	return false;
}

/* Of "3" or "0-3". */
static bool module_range(const char *text, const char **rest, uint64_t *mask)
{
	uint64_t first, last;

	if (!digits(text, rest, &first))
		return false;
	last = first;
	if (**rest == '-' && !digits(*rest + 1, rest, &last))
		return false;
	if (first > last || last > 31)
		return false;
	*mask |= ((uint64_t)2 << last) - ((uint64_t)1 << first);
	return true;
}

static bool module_list(const char *text, uint64_t *mask)
{
	for (*mask = 0; module_range(text, &text, mask); text++)
		if (*text != ',')
			return !*text;
	return false;
}

/* A number without 0x is that of a module: "1" cannot be meant as a mask. */
static bool modules(const char *text, uint64_t *mask)
{
	static const char hex[] = "0123456789abcdef";
	const char *digit;

	if (strncasecmp(text, "0x", 2))
		return module_list(text, mask);
	text += 2;
	if (!*text || strlen(text) > 16)
		return false;
	for (*mask = 0; *text; text++) {
		digit = memchr(hex, *text >= 'A' && *text <= 'F' ? *text | 0x20 : *text, 16);
		if (!digit)
			return false;
		*mask = *mask << 4 | (uint64_t)(digit - hex);
	}
	return true;
}

static bool word(const struct words *words, const char *text, uint64_t *number)
{
	for (*number = 0; *number < words->count; ++*number)
		if (!strcmp(text, words->list[*number].word))
			return true;
	return false;
}

static bool parse(const struct field *field, const char *text, uint64_t *number)
{
	switch (field->unit) {
	case UNIT_WORD:
		return word(field->words, text, number);
	case UNIT_FLAG:
		return flag(text, number);
	case UNIT_MODULES:
		return modules(text, number);
	case UNIT_QUALITY:
		return quality(text, number);
	case UNIT_ALPHA:
		return alpha(text, number);
	case UNIT_BYTES:
		return with_unit(text, bytes, number);
	case UNIT_SECONDS:
		return with_unit(text, seconds, number);
	default:
		return plain_number(text, number);
	}
}

/**
 * value_parse() - read what somebody typed for a value
 * @field: what it is
 * @text: e.g. "16MiB", "0.75", "0,1,3"
 * @number: the value; the kernel judges whether it is within the limits
 *
 * Return: false if it is nothing this field can be, see value_allowed().
 */
bool value_parse(const struct field *field, const char *text, uint64_t *number)
{
	return parse(field, text, number) && (field->type == TYPE_U64 || *number <= UINT32_MAX);
}

static void words_text(const struct words *words, char *to, size_t size)
{
	size_t used = 0, i;

	for (i = 0; i < words->count && used < size; i++)
		used += snprintf(to + used, size - used, i ? ", %s" : "%s", words->list[i].word);
}

/**
 * value_allowed() - say what a value may be
 * @field: what it is
 * @to: the result, e.g. "1 s to 86400 s (s, m, h, d)"
 * @size: its bytes
 */
void value_allowed(const struct field *field, char *to, size_t size)
{
	static const char *const forms[] = {
		[UNIT_FLAG] = "yes or no",
		[UNIT_MODULES] = "a mask as 0xf, or a list as 0,1,3 or 0-3",
		[UNIT_QUALITY] = ", bits in 1024, or 0.0 to 1.0",
		[UNIT_BYTES] = ", in bytes, or with KiB, MiB, GiB, TiB",
		[UNIT_SECONDS] = ", in seconds, or with s, m, h, d",
		[UNIT_AGE] = NULL,
	};
	const char *form = forms[field->unit] ? forms[field->unit] : "";
	const struct limits *limits = field->limits;

	if (field->unit == UNIT_WORD)
		return words_text(field->words, to, size);
	if (field->unit == UNIT_FLAG || field->unit == UNIT_MODULES || !limits)
		snprintf(to, size, "%s", form);
	else if (limits->max == UINT64_MAX)
		snprintf(to, size, "%" PRIu64 " or more%s", limits->min, form);
	else
		snprintf(to, size, "%" PRIu64 " to %" PRIu64 "%s", limits->min, limits->max, form);
}
