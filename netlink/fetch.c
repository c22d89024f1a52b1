// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netlink.h>

#include "fetch.h"

/* A list that changes while it is told is asked for again; one that always does is a fault. */
#define TRIES_MAX	10

/** struct gathering - an answer on its way into a list */
struct gathering {
	struct session *session;
	const struct object *object;
	struct list *list;
};

static int gather(const struct nlmsghdr *nlh, void *data)
{
	struct gathering *gathering = data;
	struct list *list = gathering->list;
	const struct field *wrong;
	struct record *records;

	records = reallocarray(list->records, list->count + 1, sizeof(*records));
	if (!records)
		return MNL_CB_ERROR;
	list->records = records;
	wrong = record_parse(gathering->object, nlh, &records[list->count]);
	if (wrong)
		return session_malformed(gathering->session, wrong->key);
	list->count++;
	return MNL_CB_OK;
}

static int ask_list(struct session *session, const struct nlmsghdr *request,
		    const struct object *object, struct list *list)
{
	struct gathering gathering = { session, object, list };
	int ret;

	memset(list, 0, sizeof(*list));
	ret = session_ask(session, request, gather, &gathering);
	if (ret)
		list_free(list);
	return ret;
}

static int try_list(struct session *session, const struct object *object, uint8_t command,
		    const char *name, struct list *list)
{
	_Alignas(struct nlmsghdr) char buffer[SESSION_REQUEST_MAX];
	struct nlmsghdr *nlh =
		session_request(session, buffer, command, name ? NLM_F_ACK : NLM_F_DUMP);
	int ret;

	if (name)
		mnl_attr_put_strz(nlh, object->fields[0].attr, name);
	ret = ask_list(session, nlh, object, list);
	if (ret || !name || list->count == 1)
		return ret;
	list_free(list);
	return -ENODATA;
}

/**
 * fetch_list() - ask for the things of one kind
 * @session: an open session
 * @object: their table; its first field is their name, if they have one
 * @command: enum qrng_cmd
 * @name: of the only one that is wanted, NULL for all
 * @list: filled in, with one record if there is a @name; list_free() it
 *
 * Return: 0 or -errno, see complaint(); nothing to free then.
 */
int fetch_list(struct session *session, const struct object *object, uint8_t command,
	       const char *name, struct list *list)
{
	int tries, ret;

	ret = try_list(session, object, command, name, list);
	for (tries = 1; ret == -EINTR && tries < TRIES_MAX; tries++) {
		ret = session_renew(session);
		if (!ret)
			ret = try_list(session, object, command, name, list);
	}
	return ret;
}


/**
 * fetch_one() - ask for the only thing of its kind
 * @session: an open session
 * @object: its table
 * @command: enum qrng_cmd
 * @record: filled in
 *
 * Return: 0 or -errno, see complaint().
 */
int fetch_one(struct session *session, const struct object *object, uint8_t command,
	      struct record *record)
{
	_Alignas(struct nlmsghdr) char buffer[SESSION_REQUEST_MAX];
	const struct nlmsghdr *nlh = session_request(session, buffer, command, NLM_F_ACK);
	struct list list;
	int ret;

	ret = ask_list(session, nlh, object, &list);
	if (ret)
		return ret;
	if (list.count == 1)
		*record = list.records[0];
	else
		ret = -ENODATA;
	list_free(&list);
	return ret;
}

static int ignore(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	(void)data;
	return MNL_CB_OK;
}

/**
 * fetch_nothing() - ask for something to be done
 * @session: an open session
 * @request: of session_request() with NLM_F_ACK
 *
 * Return: 0 when it is done, or -errno, see complaint().
 */
int fetch_nothing(struct session *session, const struct nlmsghdr *request)
{
	return session_ask(session, request, ignore, NULL);
}

/** list_free() - free the records */
void list_free(struct list *list)
{
	free(list->records);
	memset(list, 0, sizeof(*list));
}
