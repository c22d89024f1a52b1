// SPDX-License-Identifier: MIT
#include "value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More digits than any number of 64 bits has, and far from what 128 bits hold. */
#define INTEGER_LIMIT ((qrngd_integer)1 << 100)

/* The longest text of a real number that is looked at. */
#define REAL_MAX 40

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *parse_integer(const struct qrngd_param *param, const char *text, size_t len,
				 qrngd_integer *number)
{
	bool negative = param->integer.min < 0 && len > 1 && text[0] == '-';
	qrngd_integer value = 0;
	size_t i;

	for (i = negative; i < len; i++) {
		if (!is_digit(text[i]))
			return "is not a decimal number";
		if (value < INTEGER_LIMIT)
			value = value * 10 + (text[i] - '0');
	}
	if (negative)
		value = -value;
	if (value < param->integer.min)
		return "is too small";
	if (value > param->integer.max)
		return "is too large";
	*number = value;
	return NULL;
}

/* strtod() knows more than we do: hexadecimal, infinity, blanks in front. */
static bool looks_real(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!is_digit(text[i]) && !strchr(i ? ".eE-" : ".-", text[i]))
			return false;
	return len <= REAL_MAX && !memchr(text, '\0', len);
}

static const char *parse_real(const struct qrngd_param *param, const char *text, size_t len,
			      double *number)
{
	char copy[REAL_MAX + 1], *end;

	if (!looks_real(text, len))
		return "is not a decimal number";
	memcpy(copy, text, len);
	copy[len] = '\0';
	*number = strtod(copy, &end);
	if (*end || !isfinite(*number))
		return "is not a decimal number";
	if (*number < param->real.min)
		return "is too small";
	return *number > param->real.max ? "is too large" : NULL;
}

static const char *parse_word(const struct qrngd_param *param, const char *text, size_t len,
			      unsigned int *word)
{
	const char *const *list = param->words.list;

	for (*word = 0; list[*word]; ++*word)
		if (strlen(list[*word]) == len && memcmp(list[*word], text, len) == 0)
			return NULL;
	return "is not one of the allowed words";
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Return: bytes written, or -1 for an escape that is none. */
static ssize_t percent_decode(const char *text, size_t len, char *to)
{
	char *start = to;
	size_t i;

	for (i = 0; i < len; i++) {
		int high, low;

		if (text[i] != '%') {
			*to++ = text[i] == '+' ? ' ' : text[i];
			continue;
		}
		if (len - i < 3)
			return -1;
		high = hex_digit(text[i + 1]);
		low = hex_digit(text[i + 2]);
		if (high < 0 || low < 0)
			return -1;
		*to++ = (char)(high << 4 | low);
		i += 2;
	}
	return to - start;
}

/* Return: bytes of the character that begins @text, 0 when it is no UTF-8 (RFC 3629). */
static size_t utf8_length(const unsigned char *text, size_t len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t bytes = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 :
		       text[0] < 0xf0 ? 3 : text[0] < 0xf5 ? 4 : 0;
	uint32_t code;
	size_t i;

	if (bytes < 2 || bytes > len)
		return bytes > len ? 0 : bytes;
	code = text[0] & (0x7f >> bytes);
	for (i = 1; i < bytes; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < least[bytes] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return bytes;
}

static bool is_plain_utf8(const char *text, size_t len)
{
	size_t step;

	for (; len; text += step, len -= step) {
		step = utf8_length((const unsigned char *)text, len);
		if (!step || (unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

static const char *parse_text(const struct qrngd_param *param, const char *text, size_t len,
			      char **decoded, struct qrngd_value *value)
{
	ssize_t written = percent_decode(text, len, *decoded);

	if (written < 0)
		return "holds a '%' without two hexadecimal digits";
	value->text = *decoded;
	value->len = (size_t)written;
	*decoded += written;
	if (!is_plain_utf8(value->text, value->len))
		return "is not UTF-8 text without control characters";
	if (value->len < param->text.min)
		return "is too short";
	return value->len > param->text.max ? "is too long" : NULL;
}

const char *qrngd_value_parse(const struct qrngd_param *param, const char *text, size_t len,
			      char **decoded, struct qrngd_value *value)
{
	if (!len)
		return "has no value";
	switch (param->type) {
	case QRNGD_INTEGER:
		return parse_integer(param, text, len, &value->integer);
	case QRNGD_REAL:
		return parse_real(param, text, len, &value->real);
	case QRNGD_WORD:
		return parse_word(param, text, len, &value->word);
	default:
		return parse_text(param, text, len, decoded, value);
	}
}

void qrngd_value_fallback(const struct qrngd_param *param, struct qrngd_value *value)
{
	switch (param->type) {
	case QRNGD_INTEGER:
		value->integer = param->integer.fallback;
		break;
	case QRNGD_REAL:
		value->real = param->real.fallback;
		break;
	case QRNGD_WORD:
		value->word = param->words.fallback;
		break;
	default:
		value->text = param->text.fallback;
		value->len = value->text ? strlen(value->text) : 0;
	}
}

size_t qrngd_integer_text(char text[24], qrngd_integer value)
{
	if (value < 0)
		return (size_t)snprintf(text, 24, "%lld", (long long)value);
	return (size_t)snprintf(text, 24, "%llu", (unsigned long long)value);
}

static void list_words(const char *const *list, char *text, size_t size)
{
	size_t len = 0, i;

	for (i = 0; list[i] && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, "%s%s", i ? ", " : "", list[i]);
}

void qrngd_param_allowed(const struct qrngd_param *param, char *text, size_t size)
{
	char min[24], max[24];

	switch (param->type) {
	case QRNGD_INTEGER:
		qrngd_integer_text(min, param->integer.min);
		qrngd_integer_text(max, param->integer.max);
		snprintf(text, size, "%s to %s", min, max);
		break;
	case QRNGD_REAL:
		snprintf(text, size, "%g to %g", param->real.min, param->real.max);
		break;
	case QRNGD_WORD:
		list_words(param->words.list, text, size);
		break;
	default:
		snprintf(text, size, "UTF-8 text, percent-encoded, of %zu to %zu bytes",
			 param->text.min, param->text.max);
	}
}
