// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

/** unit_plain() - may this byte be shown as it is? */
bool unit_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '\\';
}

/**
 * unit_safe() - make a text from outside fit to be shown
 * @text: backslashes and all but printable ASCII come out as \xNN
 * @to: the result, cut where it is full
 * @size: its bytes
 */
void unit_safe(const char *text, char *to, size_t size)
{
	size_t used = 0;

	to[0] = '\0';
	for (; *text && used + 5 <= size; text++)
		used += snprintf(to + used, size - used, unit_plain(*text) ? "%c" : "\\x%02x",
				 (unsigned char)*text);
}

/**
 * unit_word() - the name of an enum's value
 * @field: of UNIT_WORD
 * @value: its value; one that has no name here is named by number: a newer module
 *	may know more
 * @to: the result
 * @size: its bytes
 */
void unit_word(const struct field *field, const struct value *value, char *to, size_t size)
{
	const struct word *word = words_get(field->words, value->number);

	if (word)
		snprintf(to, size, "%s", word->word);
	else
		snprintf(to, size, "unknown-%" PRIu64, value->number);
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

static void span_text(uint64_t ms, char *to, size_t size)
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" }, { 1, "second" } };
	uint64_t seconds = ms / 1000, count;
	size_t i = 0;

	if (!seconds) {
		snprintf(to, size, ms ? "less than a second" : "0 seconds");
		return;
	}
	/* "90 seconds" says more than "1 minute". */
	while (units[i].seconds > 1 && seconds < 2 * units[i].seconds)
		i++;
	count = seconds / units[i].seconds;
	snprintf(to, size, "%" PRIu64 " %s%s", count, units[i].name, count == 1 ? "" : "s");
}

static void age_text(uint64_t ms, char *to, size_t size)
{
	char span[48];

	span_text(ms ? ms : 1, span, sizeof(span));
	snprintf(to, size, "%s ago", span);
}

/* 0xb: "0,1,3". */
static void modules_text(uint64_t mask, char *to, size_t size)
{
	size_t used = 0;
	unsigned int i;

	snprintf(to, size, "none");
	for (i = 0; i < 64 && used < size; i++)
		if (mask >> i & 1)
			used += snprintf(to + used, size - used, used ? ",%u" : "%u", i);
}

static void error_text(uint64_t error, char *to, size_t size)
{
	const char *name = error && error < 4096 ? strerrorname_np((int)error) : NULL;

	if (name)
		snprintf(to, size, "%s", name);
	else if (error)
		snprintf(to, size, "%" PRIu64, error);
	else
		snprintf(to, size, "none");
}

static void number_text(uint64_t number, const char *noun, char *to, size_t size)
{
	snprintf(to, size, "%" PRIu64 " %s%s", number, noun, number == 1 ? "" : "s");
}

/**
 * unit_brief() - a value in a few words, short enough for a column
 * @field: what it is
 * @value: "-" if it did not come
 * @to: the result
 * @size: its bytes, UNIT_TEXT_MAX for any
 */
void unit_brief(const struct field *field, const struct value *value, char *to, size_t size)
{
	uint64_t number = value->number;

	if (!value->present) {
		snprintf(to, size, "-");
		return;
	}
	switch (field->unit) {
	case UNIT_TEXT:
		return unit_safe(value->text, to, size);
	case UNIT_WORD:
		return unit_word(field, value, to, size);
	case UNIT_FLAG:
		snprintf(to, size, "%s", number ? "yes" : "no");
		return;
	case UNIT_MODULES:
		return modules_text(number, to, size);
	case UNIT_ALPHA:
		snprintf(to, size, "2^-%" PRIu64, number);
		return;
	case UNIT_ERRNO:
		return error_text(number, to, size);
	case UNIT_SAMPLES:
		return number_text(number, "sample", to, size);
	case UNIT_BITS:
		return number_text(number, "bit", to, size);
	case UNIT_BYTES:
		return bytes_text(number, to, size);
	case UNIT_SECONDS:
		return number > UINT32_MAX ? number_text(number, "second", to, size) :
					     span_text(number * 1000, to, size);
	case UNIT_SPAN:
		return span_text(number, to, size);
	case UNIT_AGE:
		return age_text(number, to, size);
	case UNIT_QUALITY:
	case UNIT_COUNT:
		break;
	}
	snprintf(to, size, "%" PRIu64, number);
}

/**
 * unit_details() - what more there is to say of a value, in front of it a blank
 * @field: what it is
 * @value: it came
 * @to: the result, "" for nothing
 * @size: its bytes
 */
void unit_details(const struct field *field, const struct value *value, char *to, size_t size)
{
	uint64_t number = value->number;
	const struct word *word;

	to[0] = '\0';
	switch (field->unit) {
	case UNIT_WORD:
		word = words_get(field->words, number);
		if (word)
			snprintf(to, size, " (%s)", word->meaning);
		break;
	case UNIT_QUALITY:
		snprintf(to, size, " of 1024 bits (%" PRIu64 " %%)", number * 100 / 1024);
		break;
	case UNIT_MODULES:
		snprintf(to, size, " (mask 0x%" PRIx64 ")", number);
		break;
	case UNIT_ERRNO:
		if (number && number < 4096)
			snprintf(to, size, " (%s)", strerror((int)number));
		break;
	case UNIT_BYTES:
		if (number >= 1024)
			snprintf(to, size, " (%" PRIu64 " bytes)", number);
		break;
	case UNIT_SECONDS:
		if (number >= 120)
			snprintf(to, size, " (%" PRIu64 " seconds)", number);
		break;
	case UNIT_SPAN:
	case UNIT_AGE:
		snprintf(to, size, " (%" PRIu64 " ms)", number);
		break;
	default:
		break;
	}
}
