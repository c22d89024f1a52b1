// SPDX-License-Identifier: MIT
#include "numbers.h"

#include <string.h>

#include "digits.h"

static const struct qrngd_format formats[] = {
	{ "int8", 1, UINT64_C(1) << 7, false },
	{ "uint8", 1, 0, false },
	{ "int16", 2, UINT64_C(1) << 15, false },
	{ "uint16", 2, 0, false },
	{ "int32", 4, UINT64_C(1) << 31, false },
	{ "uint32", 4, 0, false },
	{ "int64", 8, UINT64_C(1) << 63, false },
	{ "uint64", 8, 0, false },
	{ "binary", 1, 0, true },
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
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < format->width; i++)
		value = value << 8 | bytes[i];
	if (!(value & format->sign))
		return qrngd_digits(to, value);
	*to = '-';
	/* Twice the bit is what two's complement counts from, and 2^64 is 0 here. */
	return 1 + qrngd_digits(to + 1, 2 * format->sign - value);
}
