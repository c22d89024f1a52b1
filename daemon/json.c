// SPDX-License-Identifier: MIT
#include "json.h"

#include <stdio.h>
#include <string.h>

#include "digits.h"

static void put(struct qrngd_json *json, const char *text, size_t len)
{
	if (len > json->size - json->len) {
		json->full = true;
		return;
	}
	memcpy(json->text + json->len, text, len);
	json->len += len;
}

/* With @beyond, all that is not ASCII has to be escaped, too. */
static bool is_plain(unsigned char byte, bool beyond)
{
	return byte >= ' ' && byte != '"' && byte != '\\' && byte != 0x7f &&
	       (!beyond || byte <= '~');
}

static void put_escaped(struct qrngd_json *json, unsigned char byte)
{
	char escaped[8];
	int len;

	if (byte == '"' || byte == '\\')
		len = snprintf(escaped, sizeof(escaped), "\\%c", byte);
	else
		len = snprintf(escaped, sizeof(escaped), "\\u%04x", byte);
	put(json, escaped, (size_t)len);
}

static void put_quoted(struct qrngd_json *json, const char *value, size_t len, bool beyond)
{
	size_t i, plain;

	put(json, "\"", 1);
	for (i = 0; i < len; i += plain) {
		for (plain = 0; i + plain < len; plain++)
			if (!is_plain((unsigned char)value[i + plain], beyond))
				break;
		put(json, value + i, plain);
		if (!plain)
			put_escaped(json, (unsigned char)value[i++]);
	}
	put(json, "\"", 1);
}

static void begin(struct qrngd_json *json, const char *name)
{
	if (json->comma)
		put(json, ",", 1);
	json->comma = true;
	if (!name)
		return;
	put_quoted(json, name, strlen(name), true);
	put(json, ":", 1);
}

void qrngd_json_open(struct qrngd_json *json, const char *name, char bracket)
{
	begin(json, name);
	put(json, &bracket, 1);
	json->comma = false;
}

void qrngd_json_close(struct qrngd_json *json, char bracket)
{
	put(json, &bracket, 1);
	json->comma = true;
}

void qrngd_json_string(struct qrngd_json *json, const char *name, const char *value, size_t len)
{
	begin(json, name);
	put_quoted(json, value, len, true);
}

void qrngd_json_text(struct qrngd_json *json, const char *name, const char *value, size_t len)
{
	begin(json, name);
	put_quoted(json, value, len, false);
}

void qrngd_json_word(struct qrngd_json *json, const char *name, const char *value)
{
	qrngd_json_string(json, name, value, strlen(value));
}

void qrngd_json_plain(struct qrngd_json *json, const char *name, const char *value)
{
	begin(json, name);
	put(json, value, strlen(value));
}

void qrngd_json_number(struct qrngd_json *json, const char *name, uint64_t value)
{
	char text[QRNGD_DIGITS_MAX + 1];

	text[qrngd_digits(text, value)] = '\0';
	qrngd_json_plain(json, name, text);
}
