// SPDX-License-Identifier: MIT
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_clear(struct text *text)
{
	text->used = 0;
	text->data[0] = '\0';
}

void text_add(struct text *text, const char *format, ...)
{
	size_t room = sizeof(text->data) - text->used;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text->data + text->used, room, format, args);
	va_end(args);
	if (length < 0)
		return;
	text->used += (size_t)length < room ? (size_t)length : room - 1;
}

static void add_name(struct text *text, const char *name)
{
	bool first = text->used && text->data[text->used - 1] == '{';

	text_add(text, "%s\"%s\":", first ? "" : ",", name);
}

void text_add_number(struct text *text, const char *name, uint64_t value)
{
	add_name(text, name);
	text_add(text, "%" PRIu64, value);
}

void text_add_bool(struct text *text, const char *name, bool value)
{
	add_name(text, name);
	text_add(text, "%s", value ? "true" : "false");
}

void text_add_hex(struct text *text, const char *name, uint32_t value)
{
	add_name(text, name);
	text_add(text, "\"0x%08" PRIx32 "\"", value);
}

void text_add_object(struct text *text, const char *name)
{
	add_name(text, name);
	text_add(text, "{");
}

bool text_parse_number(const char *word, uint64_t min, uint64_t max, uint64_t *value)
{
	bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
	const char *digits = hex ? word + 2 : word;
	unsigned long long parsed;
	char *end;

	/* strtoull would also take blanks and signs */
	if (!isxdigit((unsigned char)digits[0]))
		return false;
	errno = 0;
	parsed = strtoull(digits, &end, hex ? 16 : 10);
	if (errno || *end || parsed < min || parsed > max)
		return false;
	*value = parsed;
	return true;
}
