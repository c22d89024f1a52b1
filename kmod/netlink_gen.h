/* SPDX-License-Identifier: GPL-2.0-only */
/* Made from uapi/qrng.yaml by tools/protocol. */
#ifndef _QRNG_NETLINK_GEN_H
#define _QRNG_NETLINK_GEN_H

#include <net/genetlink.h>

#include "../uapi/qrng.h"

#define QRNG_NETLINK_OPS	10

enum qrng_netlink_group {
	QRNG_NETLINK_GROUP_EVENTS,
	QRNG_NETLINK_GROUPS
};

extern const struct genl_ops qrng_netlink_ops[QRNG_NETLINK_OPS];
extern const struct genl_multicast_group qrng_netlink_groups[QRNG_NETLINK_GROUPS];

int qrng_netlink_check(const struct genl_info *info);
int qrng_netlink_dump_start(struct netlink_callback *cb);
int qrng_netlink_source_get(struct sk_buff *request, struct genl_info *info);
int qrng_netlink_source_get_dump(struct sk_buff *skb, struct netlink_callback *cb);
int qrng_netlink_drbg_get(struct sk_buff *request, struct genl_info *info);
int qrng_netlink_health_get(struct sk_buff *request, struct genl_info *info);
int qrng_netlink_health_get_dump(struct sk_buff *skb, struct netlink_callback *cb);
int qrng_netlink_stats_get(struct sk_buff *request, struct genl_info *info);
int qrng_netlink_stats_get_dump(struct sk_buff *skb, struct netlink_callback *cb);
int qrng_netlink_pool_get(struct sk_buff *request, struct genl_info *info);
int qrng_netlink_pool_get_dump(struct sk_buff *skb, struct netlink_callback *cb);
int qrng_netlink_source_set(struct sk_buff *request, struct genl_info *info);
int qrng_netlink_source_test(struct sk_buff *request, struct genl_info *info);
int qrng_netlink_source_reset(struct sk_buff *request, struct genl_info *info);
int qrng_netlink_drbg_set(struct sk_buff *request, struct genl_info *info);
int qrng_netlink_drbg_reseed(struct sk_buff *request, struct genl_info *info);

#endif /* _QRNG_NETLINK_GEN_H */
