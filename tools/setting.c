// SPDX-License-Identifier: MIT
#include <string.h>
#include <linux/genetlink.h>

#include "output.h"
#include "qrngctl.h"
#include "../netlink/session.h"
#include "setting.h"
#include "../netlink/value.h"

/* Keys are typed with '-' or, as they are in JSON, with '_'. */
static bool same_key(const char *key, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (key[i] != (text[i] == '-' ? '_' : text[i]))
			return false;
	return !key[len];
}

static const struct field *find(const struct object *object, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < object->count; i++)
		if (object->fields[i].limits && same_key(object->fields[i].key, text, len))
			return &object->fields[i];
	return NULL;
}

static void print_key(FILE *out, const char *key)
{
	for (; *key; key++)
		fputc(*key == '_' ? '-' : *key, out);
}

static void print_keys(FILE *out, const struct object *object)
{
	const char *comma = " ";
	size_t i;

	for (i = 0; i < object->count; i++) {
		if (!object->fields[i].limits)
			continue;
		fputs(comma, out);
		print_key(out, object->fields[i].key);
		comma = ", ";
	}
	fputc('\n', out);
}

static int no_such_key(const struct object *object, const char *word)
{
	fputs("qrngctl: \"", stderr);
	output_safe(stderr, word);
	fputs("\" sets nothing; what can be set, as KEY=VALUE:", stderr);
	print_keys(stderr, object);
	return QRNGCTL_USAGE;
}

static int wrong_value(const struct field *field, const char *word)
{
	char allowed[160];

	value_allowed(field, allowed, sizeof(allowed));
	fputs("qrngctl: ", stderr);
	output_safe(stderr, word);
	fprintf(stderr, ": allowed: %s\n", allowed);
	return QRNGCTL_USAGE;
}

static int twice(const char *word)
{
	fputs("qrngctl: ", stderr);
	output_safe(stderr, word);
	fputs(": was set before\n", stderr);
	return QRNGCTL_USAGE;
}

static bool is_put(const struct nlmsghdr *nlh, uint16_t type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == type)
			return true;
	return false;
}

static int put(struct nlmsghdr *nlh, const struct object *object, const char *word)
{
	size_t len = strcspn(word, "=");
	const struct field *field = word[len] ? find(object, word, len) : NULL;
	uint64_t number;

	if (!field)
		return no_such_key(object, word);
	if (is_put(nlh, field->attr))
		return twice(word);
	if (!value_parse(field, word + len + 1, &number))
		return wrong_value(field, word);
	if (field->type == TYPE_U32)
		mnl_attr_put_u32(nlh, field->attr, number);
	else
		mnl_attr_put_u64(nlh, field->attr, number);
	return QRNGCTL_OK;
}

/**
 * setting_put() - put settings into a request
 * @nlh: the request, of SESSION_REQUEST_MAX: each attribute fits once
 * @object: the table of what is set
 * @words: KEY=VALUE each
 * @count: how many
 *
 * Return: enum qrngctl_exit; what is wrong was said on stderr.
 */
int setting_put(struct nlmsghdr *nlh, const struct object *object, const char *const *words, int count)
{
	int i, ret;

	for (i = 0; i < count; i++) {
		ret = put(nlh, object, words[i]);
		if (ret)
			return ret;
	}
	return QRNGCTL_OK;
}

/**
 * setting_check() - are these settings of @object?
 * @object: the table of what is set
 * @words: KEY=VALUE each
 * @count: how many
 *
 * So that a slip in the command line is told before anybody is asked for anything.
 *
 * Return: see setting_put().
 */
int setting_check(const struct object *object, const char *const *words, int count)
{
	_Alignas(struct nlmsghdr) char buffer[SESSION_REQUEST_MAX];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	return setting_put(nlh, object, words, count);
}

/** setting_help() - a line for each key that can be set */
void setting_help(FILE *out, const struct object *object)
{
	char allowed[160];
	size_t i;

	for (i = 0; i < object->count; i++) {
		const struct field *field = &object->fields[i];

		if (!field->limits)
			continue;
		value_allowed(field, allowed, sizeof(allowed));
		fputs("  ", out);
		print_key(out, field->key);
		fprintf(out, "%*s%s\n", 18 - (int)strlen(field->key), "", allowed);
	}
}
