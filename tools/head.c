// SPDX-License-Identifier: MIT
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "head.h"

/* The next line, without its end. Return: what is behind it, NULL if it has no end. */
static const char *next_line(const char *text, const char *end, struct span *line)
{
	const char *stop = memchr(text, '\n', (size_t)(end - text));

	if (!stop)
		return NULL;
	line->text = text;
	line->len = (size_t)(stop - text);
	if (line->len && stop[-1] == '\r')
		line->len--;
	return stop + 1;
}

/* One head, up to and without the empty line behind it. */
static int split_one(const char *text, size_t len, struct head *head)
{
	const char *end = text + len, *at = text;
	struct span line;

	if (len < 5 || memcmp(text, "HTTP/", 5))
		return -1;
	do {
		at = next_line(at, end, &line);
		if (!at)
			return -1;
	} while (line.len);
	head->text = text;
	head->len = (size_t)(line.text - text);
	head->rest = at;
	head->rest_len = (size_t)(end - at);
	return 0;
}

/**
 * head_split() - find where a head ends
 * @text: what was saved
 * @len: its bytes
 * @wanted: a field that the answer has; heads without it that come before another one
 *	are those of a proxy, a redirection or a status 100
 * @head: filled in
 *
 * Return: 0, or -1 if that does not begin with a head that is whole.
 */
int head_split(const char *text, size_t len, const char *wanted, struct head *head)
{
	struct head next;
	struct span value;

	if (split_one(text, len, head))
		return -1;
	while (!head_field(head, wanted, &value) &&
	       !split_one(head->rest, head->rest_len, &next))
		*head = next;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool has_name(const struct span *line, const char *name, struct span *value)
{
	size_t len = strlen(name);

	if (line->len <= len || line->text[len] != ':' || strncasecmp(line->text, name, len))
		return false;
	value->text = line->text + len + 1;
	value->len = line->len - len - 1;
	while (value->len && is_blank(value->text[0])) {
		value->text++;
		value->len--;
	}
	while (value->len && is_blank(value->text[value->len - 1]))
		value->len--;
	return true;
}

/**
 * head_field() - look a field up
 * @head: where
 * @name: its name, in any case
 * @value: the last one of that name, without blanks around it
 *
 * Return: how many there are of that name.
 */
unsigned int head_field(const struct head *head, const char *name, struct span *value)
{
	const char *at = head->text, *end = head->text + head->len;
	unsigned int count = 0;
	struct span line;

	while (at < end) {
		at = next_line(at, end, &line);
		if (!at)
			break;
		count += has_name(&line, name, value);
	}
	return count;
}
