// SPDX-License-Identifier: MIT
#include "module.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "netlink/fetch.h"
#include "netlink/objects.h"
#include "netlink/session.h"
#include "netlink/unit.h"
#include "netlink/value.h"

/* A wish for each source that a machine may have, and one for the generator. */
#define WISHES_MAX 64

/**
 * struct wish - a request to one thing
 * @session: the talk with the module
 * @object: what the thing is
 * @name: of the source, NULL: the generator
 * @request: what is asked for
 * @detail: see qrngd_module_change()
 * @size: see there
 */
struct wish {
	struct session *session;
	const struct object *object;
	const char *name;
	_Alignas(struct nlmsghdr) char request[SESSION_REQUEST_MAX];
	char *detail;
	size_t size;
};

static const char *path_of(const struct wish *wish, char path[80])
{
	if (wish->name)
		snprintf(path, 80, "module.sources.%.40s", wish->name);
	else
		snprintf(path, 80, "module.drbg");
	return path;
}

static void write_value(struct qrngd_json *json, const struct field *field,
			const struct value *value)
{
	char number[24], text[160];

	qrngd_json_open(json, field->key, '{');
	if (field->unit == UNIT_WORD) {
		unit_word(field, value, text, sizeof(text));
		qrngd_json_word(json, "value", text);
	} else {
		snprintf(number, sizeof(number), "%" PRIu64, value->number);
		qrngd_json_plain(json, "value", number);
	}
	value_allowed(field, text, sizeof(text));
	qrngd_json_word(json, "allowed", text);
	qrngd_json_close(json, '}');
}

static void write_settings(struct qrngd_json *json, const char *name, const struct object *object,
			   const struct record *record)
{
	size_t i;

	qrngd_json_open(json, name, '{');
	for (i = 0; i < object->count; i++)
		if (object->fields[i].limits && record->values[i].present)
			write_value(json, &object->fields[i], &record->values[i]);
	qrngd_json_close(json, '}');
}

static void write_all(struct qrngd_json *json, const struct record *drbg,
		      const struct list *sources)
{
	size_t i;

	qrngd_json_open(json, "module", '{');
	write_settings(json, "drbg", &drbg_object, drbg);
	qrngd_json_open(json, "sources", '{');
	for (i = 0; i < sources->count; i++)
		write_settings(json,
			       record_value(&source_object, &sources->records[i],
					    QRNG_A_SOURCE_NAME)->text,
			       &source_object, &sources->records[i]);
	qrngd_json_close(json, '}');
	qrngd_json_close(json, '}');
}

void qrngd_module_show(struct qrngd_json *json)
{
	struct list sources = { 0 };
	struct session session;
	struct record drbg;

	if (session_connect(&session) == 0 &&
	    fetch_one(&session, &drbg_object, QRNG_CMD_DRBG_GET, &drbg) == 0 &&
	    fetch_list(&session, &source_object, QRNG_CMD_SOURCE_GET, NULL, &sources) == 0)
		write_all(json, &drbg, &sources);
	else
		qrngd_json_plain(json, "module", "null");
	list_free(&sources);
	session_close(&session);
}

static const struct field *find_field(const struct object *object, const char *key)
{
	size_t i;

	for (i = 0; i < object->count; i++)
		if (object->fields[i].limits && strcmp(object->fields[i].key, key) == 0)
			return &object->fields[i];
	return NULL;
}

static bool read_value(const struct field *field, const json_t *value, uint64_t *number)
{
	char digits[24];

	if (json_is_string(value))
		return value_parse(field, json_string_value(value), number);
	if (json_is_boolean(value) && field->unit == UNIT_FLAG) {
		*number = json_is_true(value);
		return true;
	}
	if (!json_is_integer(value) || field->unit == UNIT_WORD)
		return false;
	/* A mask is a number here, for those it is shown to as one. */
	if (field->unit == UNIT_MODULES) {
		*number = (uint64_t)json_integer_value(value);
		return json_integer_value(value) >= 0 && *number <= UINT32_MAX;
	}
	snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return value_parse(field, digits, number);
}

static int put_one(struct wish *wish, const char *key, const json_t *value)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)wish->request;
	const struct field *field = find_field(wish->object, key);
	char allowed[160], path[80];
	uint64_t number;

	if (!field) {
		snprintf(wish->detail, wish->size, "%s.%.40s: there is no such setting",
			 path_of(wish, path), key);
		return 400;
	}
	if (!read_value(field, value, &number)) {
		value_allowed(field, allowed, sizeof(allowed));
		snprintf(wish->detail, wish->size, "%s.%s: %s is needed", path_of(wish, path), key,
			 allowed);
		return 400;
	}
	if (field->type == TYPE_U32)
		mnl_attr_put_u32(nlh, field->attr, (uint32_t)number);
	else
		mnl_attr_put_u64(nlh, field->attr, number);
	return 200;
}

static int put_wish(struct wish *wish, json_t *values)
{
	uint8_t command = wish->name ? QRNG_CMD_SOURCE_SET : QRNG_CMD_DRBG_SET;
	struct nlmsghdr *nlh =
		session_request(wish->session, wish->request, command, NLM_F_ACK);
	const char *key;
	json_t *value;
	int status = 200;

	if (wish->name && (!*wish->name || strlen(wish->name) >= QRNG_SOURCE_NAME_MAX)) {
		snprintf(wish->detail, wish->size, "module.sources: a name of 1 to %d bytes is needed",
			 QRNG_SOURCE_NAME_MAX - 1);
		return 400;
	}
	if (wish->name)
		mnl_attr_put_strz(nlh, QRNG_A_SOURCE_NAME, wish->name);
	if (!json_is_object(values)) {
		snprintf(wish->detail, wish->size, "module: an object of settings is needed");
		return 400;
	}
	json_object_foreach(values, key, value) {
		status = put_one(wish, key, value);
		if (status != 200)
			break;
	}
	return status;
}

/* Says why in the kernel's words; they name what is allowed, and often the setting. */
static int explain(const struct wish *wish, int error)
{
	const struct refusal *refusal = &wish->session->refusal;
	const struct field *field =
		refusal->attr ? record_field(wish->object, refusal->attr) : NULL;
	char path[80];

	if (error == -EPERM) {
		snprintf(wish->detail, wish->size,
			 "%s: this daemon may not change the module: it needs CAP_NET_ADMIN, see module-control",
			 path_of(wish, path));
		return 403;
	}
	snprintf(wish->detail, wish->size, "%s%s%s: kernel: %s%s%s%s", path_of(wish, path),
		 field ? "." : "", field ? field->key : "", refusal->reason,
		 refusal->reason[0] ? " (" : "", strerror(-error), refusal->reason[0] ? ")" : "");
	return 409;
}

/* Its number is that of the last request that was made, which need not be this one. */
static int send_wish(struct wish *wish)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)wish->request;
	int ret;

	nlh->nlmsg_seq = ++wish->session->seq;
	ret = fetch_nothing(wish->session, nlh);
	return ret == 0 ? 200 : explain(wish, ret);
}

/* Return: as qrngd_module_change(), with @count wishes read. */
static int read_wishes(struct wish *wishes, size_t *count, const struct wish *first, json_t *wish)
{
	json_t *drbg = json_object_get(wish, "drbg"), *sources = json_object_get(wish, "sources");
	size_t parts = (drbg != NULL) + (sources != NULL);
	const char *name;
	json_t *values;
	int status = 200;

	*count = 0;
	if (parts != json_object_size(wish) || (sources && !json_is_object(sources)) ||
	    json_object_size(sources) + 1 > WISHES_MAX) {
		snprintf(first->detail, first->size,
			 "module: {\"drbg\": {}, \"sources\": {\"NAME\": {}}} is needed");
		return 400;
	}
	if (drbg) {
		wishes[*count] = *first;
		wishes[*count].object = &drbg_object;
		status = put_wish(&wishes[(*count)++], drbg);
	}
	json_object_foreach(sources, name, values) {
		if (status != 200)
			break;
		wishes[*count] = *first;
		wishes[*count].object = &source_object;
		wishes[*count].name = name;
		status = put_wish(&wishes[(*count)++], values);
	}
	return status;
}

int qrngd_module_change(json_t *wish, char *detail, size_t size)
{
	static struct wish wishes[WISHES_MAX];
	struct session session;
	struct wish first = { .session = &session, .detail = detail, .size = size };
	size_t count, i;
	int status = 503;

	snprintf(detail, size, "the module qrng is not loaded");
	if (session_connect(&session) == 0) {
		status = read_wishes(wishes, &count, &first, wish);
		for (i = 0; i < count && status == 200; i++)
			status = send_wish(&wishes[i]);
	}
	session_close(&session);
	return status;
}
