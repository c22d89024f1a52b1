// SPDX-License-Identifier: GPL-2.0-only
/* Netlink: the noise sources. */
#include <linux/mutex.h>
#include <net/genetlink.h>

#include "look.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "netlink_source.h"
#include "source.h"

/**
 * qrng_netlink_source_find() - find the source that a request names
 * @info: the request
 *
 * Return: the source, for qrng_source_put() afterwards; or an error, told in words.
 */
struct qrng_source *qrng_netlink_source_find(struct genl_info *info)
{
	/* The name has the same number in every request that takes one. */
	const struct nlattr *name = info->attrs[QRNG_A_SOURCE_NAME];
	struct qrng_source *source;

	BUILD_BUG_ON((int)QRNG_A_HEALTH_NAME != (int)QRNG_A_SOURCE_NAME);
	BUILD_BUG_ON((int)QRNG_A_STATS_NAME != (int)QRNG_A_SOURCE_NAME);
	if (!name) {
		NL_SET_ERR_MSG(info->extack, "name: missing, which source is it about?");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, QRNG_A_SOURCE_NAME);
		return ERR_PTR(-EINVAL);
	}
	source = qrng_source_find(nla_data(name));
	if (!source) {
		NL_SET_ERR_MSG_ATTR(info->extack, name, "name: no source of that name");
		return ERR_PTR(-ENODEV);
	}
	return source;
}

/**
 * qrng_netlink_source_answer() - answer a request about one source
 * @info: the request, with the source's name
 * @put: writes the answer, from a struct qrng_source
 *
 * Return: 0, or an error.
 */
int qrng_netlink_source_answer(struct genl_info *info, qrng_netlink_put put)
{
	struct qrng_source *source = qrng_netlink_source_find(info);
	int ret;

	if (IS_ERR(source))
		return PTR_ERR(source);
	ret = qrng_netlink_answer(info, put, source);
	qrng_source_put(source);
	return ret;
}

/**
 * qrng_netlink_source_dump() - dump every source
 * @skb: the buffer
 * @cb: the dump; cb->args[0] sources are out already
 * @put: writes one message, from a struct qrng_source
 *
 * Return: bytes in @skb, or an error.
 */
int qrng_netlink_source_dump(struct sk_buff *skb, struct netlink_callback *cb,
			     qrng_netlink_put put)
{
	struct qrng_source *source;
	long index = 0;
	int ret = 0;

	mutex_lock(&qrng_sources_lock);
	cb->seq = qrng_sources_sequence;
	list_for_each_entry(source, &qrng_sources, node) {
		if (index++ < cb->args[0])
			continue;
		ret = qrng_netlink_dump_one(skb, cb, put, source);
		if (ret)
			break;
		cb->args[0] = index;
	}
	mutex_unlock(&qrng_sources_lock);
	/* A full message is sent and the dump goes on; one that holds nothing never will. */
	return skb->len ?: ret;
}

static int put_condition(struct sk_buff *skb, const struct qrng_source_info *look)
{
	const struct qrng_netlink_u32 words[] = {
		{ QRNG_A_SOURCE_STATE, look->state },
		{ QRNG_A_SOURCE_REASON, look->reason },
		{ QRNG_A_SOURCE_ERRNO, look->error },
		{ QRNG_A_SOURCE_FAILURES, look->failures },
		{ QRNG_A_SOURCE_MODULES_PRESENT, look->modules.present },
		{ QRNG_A_SOURCE_MODULES_WORKING, look->modules.working },
	};

	if (nla_put_u64_64bit(skb, QRNG_A_SOURCE_STATE_AGE_MS, look->state_age_ms,
			      QRNG_A_SOURCE_PAD))
		return -EMSGSIZE;
	if ((look->state == QRNG_SOURCE_FAILED || look->state == QRNG_SOURCE_OPEN) &&
	    nla_put_u64_64bit(skb, QRNG_A_SOURCE_RETRY_MS, look->retry_ms, QRNG_A_SOURCE_PAD))
		return -EMSGSIZE;
	return qrng_netlink_put_u32s(skb, words, ARRAY_SIZE(words));
}

static int put_settings(struct sk_buff *skb, const struct qrng_source_info *look)
{
	const struct qrng_netlink_u32 words[] = {
		{ QRNG_A_SOURCE_QUALITY, look->quality },
		{ QRNG_A_SOURCE_ALPHA, look->alpha },
		{ QRNG_A_SOURCE_ENABLED, look->enabled },
		{ QRNG_A_SOURCE_MODULES, look->modules.wanted },
	};

	return qrng_netlink_put_u32s(skb, words, ARRAY_SIZE(words));
}

static int put_source(struct sk_buff *skb, void *what)
{
	struct qrng_source *source = what;
	struct qrng_source_info look;

	qrng_source_look(source, &look);
	return nla_put_string(skb, QRNG_A_SOURCE_NAME, source->name) ?:
	       put_condition(skb, &look) ?: put_settings(skb, &look);
}

/** qrng_netlink_source_get() - QRNG_CMD_SOURCE_GET for one source */
int qrng_netlink_source_get(struct sk_buff *request, struct genl_info *info)
{
	return qrng_netlink_source_answer(info, put_source);
}

/** qrng_netlink_source_get_dump() - QRNG_CMD_SOURCE_GET for all */
int qrng_netlink_source_get_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return qrng_netlink_source_dump(skb, cb, put_source);
}
