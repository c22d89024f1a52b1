/* SPDX-License-Identifier: GPL-2.0-only */
/* The generic-netlink family "qrng", and what its operations have in common. */
#ifndef _QRNG_NETLINK_H
#define _QRNG_NETLINK_H

#include <linux/types.h>

struct genl_family;
struct genl_info;
struct netlink_callback;
struct sk_buff;

/** struct qrng_netlink_u32 - one attribute of a message */
struct qrng_netlink_u32 {
	int attr;
	u32 value;
};

/** struct qrng_netlink_u64 - the same, wider */
struct qrng_netlink_u64 {
	int attr;
	u64 value;
};

/**
 * typedef qrng_netlink_put - write the attributes of one thing
 * @skb: the message
 * @what: the thing
 *
 * Return: 0, or an error when there is no room.
 */
typedef int (*qrng_netlink_put)(struct sk_buff *skb, void *what);

extern struct genl_family qrng_netlink_family;

int qrng_netlink_put_u32s(struct sk_buff *skb, const struct qrng_netlink_u32 *values,
			  size_t count);
int qrng_netlink_put_u64s(struct sk_buff *skb, const struct qrng_netlink_u64 *values,
			  size_t count, int pad);
int qrng_netlink_answer(struct genl_info *info, qrng_netlink_put put, void *what);
int qrng_netlink_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			  qrng_netlink_put put, void *what);
int qrng_netlink_register(void);
void qrng_netlink_unregister(void);

#endif /* _QRNG_NETLINK_H */
