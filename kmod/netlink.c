// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic-netlink family: its registration, and what its operations have in common.
 * The operation table and the policies are made from uapi/qrng.yaml.
 */
#include <linux/module.h>
#include <net/genetlink.h>

#include "event.h"
#include "netlink.h"
#include "netlink_gen.h"

/**
 * qrng_netlink_put_u32s() - write some numbers
 * @skb: the message
 * @values: which
 * @count: how many
 *
 * Return: 0, or -EMSGSIZE.
 */
int qrng_netlink_put_u32s(struct sk_buff *skb, const struct qrng_netlink_u32 *values,
			  size_t count)
{
	for (; count; count--, values++)
		if (nla_put_u32(skb, values->attr, values->value))
			return -EMSGSIZE;
	return 0;
}

/**
 * qrng_netlink_put_u64s() - write some wide numbers
 * @skb: the message
 * @values: which
 * @count: how many
 * @pad: attribute that aligns them
 *
 * Return: 0, or -EMSGSIZE.
 */
int qrng_netlink_put_u64s(struct sk_buff *skb, const struct qrng_netlink_u64 *values,
			  size_t count, int pad)
{
	for (; count; count--, values++)
		if (nla_put_u64_64bit(skb, values->attr, values->value, pad))
			return -EMSGSIZE;
	return 0;
}

/**
 * qrng_netlink_answer() - answer a request with one message
 * @info: the request
 * @put: writes the answer
 * @what: what it writes
 *
 * Context: process context, sleeps for memory.
 * Return: 0, or an error.
 */
int qrng_netlink_answer(struct genl_info *info, qrng_netlink_put put, void *what)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *head;

	if (!skb)
		return -ENOMEM;
	head = genlmsg_put_reply(skb, info, &qrng_netlink_family, 0, info->genlhdr->cmd);
	if (!head || put(skb, what)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	return genlmsg_reply(skb, info);
}

/**
 * qrng_netlink_dump_one() - add one message to a dump
 * @skb: the buffer
 * @cb: the dump; @cb->seq tells whether what is dumped has changed on the way
 * @put: writes the message
 * @what: what it writes
 *
 * Return: 0, or -EMSGSIZE when the buffer is full.
 */
int qrng_netlink_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			  qrng_netlink_put put, void *what)
{
	const struct genlmsghdr *request = nlmsg_data(cb->nlh);
	void *head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				 &qrng_netlink_family, NLM_F_MULTI, request->cmd);

	if (!head)
		return -EMSGSIZE;
	if (put(skb, what)) {
		genlmsg_cancel(skb, head);
		return -EMSGSIZE;
	}
	genl_dump_check_consistent(cb, head);
	genlmsg_end(skb, head);
	return 0;
}

/* Whoever writes another version means something by it that is not known here. */
static int check_version(const struct genlmsghdr *header, struct netlink_ext_ack *extack)
{
	if (header->version == QRNG_GENL_VERSION)
		return 0;
	NL_SET_ERR_MSG(extack, "version: allowed is " __stringify(QRNG_GENL_VERSION));
	return -EPROTONOSUPPORT;
}

/** qrng_netlink_dump_start() - look at the request for a dump; nothing can be chosen in it */
int qrng_netlink_dump_start(struct netlink_callback *cb)
{
	if (nlmsg_attrlen(cb->nlh, GENL_HDRLEN)) {
		NL_SET_ERR_MSG(cb->extack, "a dump takes no attributes");
		return -EINVAL;
	}
	return check_version(nlmsg_data(cb->nlh), cb->extack);
}

static int family_pre_doit(const struct genl_split_ops *op, struct sk_buff *request,
			   struct genl_info *info)
{
	return check_version(info->genlhdr, info->extack) ?: qrng_netlink_check(info);
}

struct genl_family qrng_netlink_family = {
	.name = QRNG_GENL_NAME,
	.version = QRNG_GENL_VERSION,
	.module = THIS_MODULE,
	.ops = qrng_netlink_ops,
	.n_ops = QRNG_NETLINK_OPS,
	.mcgrps = qrng_netlink_groups,
	.n_mcgrps = QRNG_NETLINK_GROUPS,
	.pre_doit = family_pre_doit,
	/* The hardware is the same whichever network namespace asks. */
	.netnsok = true,
	/* A source that is slow to do what it is told shall hold up no other family. */
	.parallel_ops = true,
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

MODULE_ALIAS_GENL_FAMILY(QRNG_GENL_NAME);
