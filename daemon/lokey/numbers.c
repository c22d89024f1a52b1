// SPDX-License-Identifier: MIT
#include "numbers.h"

#include <string.h>

#include "digits.h"

static const struct qrngd_format formats[] = {
	{ "int8", 1, true, false },   { "uint8", 1, false, false },  { "int16", 2, true, false },
	{ "uint16", 2, false, false }, { "int32", 4, true, false },   { "uint32", 4, false, false },
	{ "int64", 8, true, false },  { "uint64", 8, false, false }, { "binary", 1, false, true },
	{ 0 },
};

const struct qrngd_format *qrngd_format_find(const char *name)
{
	const struct qrngd_format *format;

	for (format = formats; format->name; format++)
		if (strcmp(format->name, name) == 0)
			return format;
	return NULL;
}

size_t qrngd_format_put(const struct qrngd_format *format, char *to, const uint8_t *bytes)
{
	unsigned int unused = 64 - 8 * (unsigned int)format->width;
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < format->width; i++)
		value = value << 8 | bytes[i];
	/* The sign is in the first of the bits that are in use. */
	if (!format->is_signed || !(value << unused >> 63))
		return qrngd_digits(to, value);
	*to = '-';
	return 1 + qrngd_digits(to + 1, (~value + 1) << unused >> unused);
}
