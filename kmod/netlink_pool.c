// SPDX-License-Identifier: GPL-2.0-only
/* Netlink: the pools that noise gathers in. */
#include <net/genetlink.h>

#include "accumulator.h"
#include "drbg.h"
#include "netlink.h"
#include "netlink_gen.h"

/** struct one_pool - what a dump says of each */
struct one_pool {
	u32 index;
	u32 credit;
};

static int put_pools(struct sk_buff *skb, void *what)
{
	const struct qrng_pool_info *look = what;
	const struct qrng_netlink_u64 wide[] = {
		{ QRNG_A_POOL_CREDIT, look->credit },
		{ QRNG_A_POOL_FILL, look->fill },
		{ QRNG_A_POOL_RESEEDS, look->reseeds },
	};

	return qrng_netlink_put_u64s(skb, wide, ARRAY_SIZE(wide), QRNG_A_POOL_PAD);
}

/** qrng_netlink_pool_get() - QRNG_CMD_POOL_GET for the pools together */
int qrng_netlink_pool_get(struct sk_buff *request, struct genl_info *info)
{
	struct qrng_pool_info look;

	qrng_drbg_look_pool(&look);
	return qrng_netlink_answer(info, put_pools, &look);
}

static int put_pool(struct sk_buff *skb, void *what)
{
	const struct one_pool *pool = what;

	if (nla_put_u32(skb, QRNG_A_POOL_INDEX, pool->index) ||
	    nla_put_u64_64bit(skb, QRNG_A_POOL_CREDIT, pool->credit, QRNG_A_POOL_PAD))
		return -EMSGSIZE;
	return 0;
}

/** qrng_netlink_pool_get_dump() - QRNG_CMD_POOL_GET for each; cb->args[0] are out already */
int qrng_netlink_pool_get_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct qrng_pool_info look;
	int ret = 0;

	qrng_drbg_look_pool(&look);
	/* A reseed on the way empties some; 0 would mean that nobody counts. */
	cb->seq = (unsigned int)look.reseeds + 1;
	for (; cb->args[0] < QRNG_POOLS; cb->args[0]++) {
		struct one_pool pool = { cb->args[0], look.credits[cb->args[0]] };

		ret = qrng_netlink_dump_one(skb, cb, put_pool, &pool);
		if (ret)
			break;
	}
	return skb->len ?: ret;
}
