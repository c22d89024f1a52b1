// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/mutex.h>
#include <net/genetlink.h>

#include "drbg.h"
#include "event.h"
#include "netlink.h"
#include "source.h"

static const struct nla_policy source_policy[QRNG_A_SOURCE_NAME + 1] = {
	[QRNG_A_SOURCE_NAME] = { .type = NLA_NUL_STRING, .len = QRNG_SOURCE_NAME_MAX - 1 },
};

/* Nothing to ask with: whatever comes along is refused, by name or by number. */
static const struct nla_policy drbg_policy[QRNG_A_DRBG_PAD + 1] = {
	[QRNG_A_DRBG_PAD] = { .type = NLA_REJECT },
};

struct counter {
	int attr;
	u64 value;
};

static int put_counters(struct sk_buff *skb, const struct counter *counters, size_t count, int pad)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (nla_put_u64_64bit(skb, counters[i].attr, counters[i].value, pad))
			return -EMSGSIZE;
	return 0;
}

static int put_source_counters(struct sk_buff *skb, const struct qrng_source *source)
{
	const struct qrng_source_stats *stats = &source->stats;
	const struct counter counters[] = {
		{ QRNG_A_SOURCE_RAW_BYTES, READ_ONCE(stats->raw_bytes) },
		{ QRNG_A_SOURCE_USED_BYTES, atomic64_read(&stats->used_bytes) },
		{ QRNG_A_SOURCE_RCT_FAILURES, READ_ONCE(source->health.rct_failures) },
		{ QRNG_A_SOURCE_APT_FAILURES, READ_ONCE(source->health.apt_failures) },
		{ QRNG_A_SOURCE_STARTUP_PASSES, READ_ONCE(stats->startup_passes) },
		{ QRNG_A_SOURCE_REGISTER_READS, READ_ONCE(stats->register_reads) },
		{ QRNG_A_SOURCE_OVERFLOWS, READ_ONCE(stats->overflows) },
		{ QRNG_A_SOURCE_TIMEOUTS, READ_ONCE(stats->timeouts) },
	};

	return put_counters(skb, counters, ARRAY_SIZE(counters), QRNG_A_SOURCE_PAD);
}

static int put_source(struct sk_buff *skb, const struct qrng_source *source, u32 portid, u32 seq,
		      int flags)
{
	void *head = genlmsg_put(skb, portid, seq, &qrng_netlink_family, flags, QRNG_CMD_SOURCE_GET);

	if (!head)
		return -EMSGSIZE;
	if (nla_put_string(skb, QRNG_A_SOURCE_NAME, source->name) ||
	    nla_put_u32(skb, QRNG_A_SOURCE_STATE, qrng_source_state(source)) ||
	    nla_put_u32(skb, QRNG_A_SOURCE_QUALITY, source->quality) ||
	    put_source_counters(skb, source)) {
		genlmsg_cancel(skb, head);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	return 0;
}

static struct qrng_source *find_source(const struct nlattr *name)
{
	struct qrng_source *source;

	list_for_each_entry(source, &qrng_sources, node)
		if (!nla_strcmp(name, source->name))
			return source;
	return NULL;
}

static int answer_source(struct sk_buff *skb, struct genl_info *info)
{
	struct qrng_source *source;
	int ret = -ENODEV;

	mutex_lock(&qrng_sources_lock);
	source = find_source(info->attrs[QRNG_A_SOURCE_NAME]);
	if (source)
		ret = put_source(skb, source, info->snd_portid, info->snd_seq, 0);
	else
		NL_SET_ERR_MSG(info->extack, "no source of that name");
	mutex_unlock(&qrng_sources_lock);
	return ret;
}

static int source_get(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	int ret;

	if (!info->attrs[QRNG_A_SOURCE_NAME]) {
		NL_SET_ERR_MSG(info->extack, "attribute missing: name of the source");
		return -EINVAL;
	}
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	ret = answer_source(skb, info);
	if (ret) {
		nlmsg_free(skb);
		return ret;
	}
	return genlmsg_reply(skb, info);
}

/* cb->args[0] counts the sources that are already out. */
static int source_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct qrng_source *source;
	long index = 0;
	int ret = 0;

	mutex_lock(&qrng_sources_lock);
	list_for_each_entry(source, &qrng_sources, node) {
		if (index++ < cb->args[0])
			continue;
		ret = put_source(skb, source, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				 NLM_F_MULTI);
		if (ret)
			break;
		cb->args[0] = index;
	}
	mutex_unlock(&qrng_sources_lock);
	/* A full message is sent and the dump goes on; one that holds nothing never will. */
	return skb->len ?: ret;
}

static int put_drbg(struct sk_buff *skb, const struct qrng_drbg_info *look)
{
	const struct counter counters[] = {
		{ QRNG_A_DRBG_GENERATION, look->generation },
		{ QRNG_A_DRBG_RESEED_AGE_MS, look->reseed_age_ms },
		{ QRNG_A_DRBG_SEED_BYTES, look->seed_bytes },
		{ QRNG_A_DRBG_OUTPUT_BYTES, look->output_bytes },
		{ QRNG_A_DRBG_OPEN_FILES, look->open_files },
	};

	if (nla_put_u32(skb, QRNG_A_DRBG_STATE, look->state) ||
	    nla_put_string(skb, QRNG_A_DRBG_CIPHER, look->cipher))
		return -EMSGSIZE;
	return put_counters(skb, counters, ARRAY_SIZE(counters), QRNG_A_DRBG_PAD);
}

static int drbg_get(struct sk_buff *request, struct genl_info *info)
{
	struct qrng_drbg_info look;
	struct sk_buff *skb;
	void *head;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	qrng_drbg_look(&look);
	head = genlmsg_put_reply(skb, info, &qrng_netlink_family, 0, QRNG_CMD_DRBG_GET);
	if (!head || put_drbg(skb, &look)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	return genlmsg_reply(skb, info);
}

static const struct genl_ops ops[] = {
	{
		.cmd = QRNG_CMD_SOURCE_GET,
		.policy = source_policy,
		.maxattr = ARRAY_SIZE(source_policy) - 1,
		.doit = source_get,
		.dumpit = source_dump,
	},
	{
		.cmd = QRNG_CMD_DRBG_GET,
		.policy = drbg_policy,
		.maxattr = ARRAY_SIZE(drbg_policy) - 1,
		.doit = drbg_get,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = QRNG_GENL_EVENTS },
};

struct genl_family qrng_netlink_family = {
	.name = QRNG_GENL_NAME,
	.version = QRNG_GENL_VERSION,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
	/* The hardware is the same whichever network namespace asks. */
	.netnsok = true,
};

/** qrng_netlink_register() - make the generic-netlink family "qrng" appear */
int qrng_netlink_register(void)
{
	int ret = genl_register_family(&qrng_netlink_family);

	if (!ret)
		qrng_event_open();
	return ret;
}

/** qrng_netlink_unregister() - take it away, after the last request under way */
void qrng_netlink_unregister(void)
{
	qrng_event_close();
	genl_unregister_family(&qrng_netlink_family);
}
