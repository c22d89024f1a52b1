/* SPDX-License-Identifier: GPL-2.0-only */
/* What requests about sources have in common. */
#ifndef _QRNG_NETLINK_SOURCE_H
#define _QRNG_NETLINK_SOURCE_H

#include "netlink.h"

struct qrng_source *qrng_netlink_source_find(struct genl_info *info);
int qrng_netlink_source_answer(struct genl_info *info, qrng_netlink_put put);
int qrng_netlink_source_dump(struct sk_buff *skb, struct netlink_callback *cb,
			     qrng_netlink_put put);

#endif /* _QRNG_NETLINK_SOURCE_H */
