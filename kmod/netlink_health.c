// SPDX-License-Identifier: GPL-2.0-only
/* Netlink: health tests and counters of the sources. */
#include <net/genetlink.h>

#include "look.h"
#include "netlink_gen.h"
#include "netlink_source.h"

static int put_tests(struct sk_buff *skb, const struct qrng_source_info *look)
{
	const struct qrng_netlink_u32 words[] = {
		{ QRNG_A_HEALTH_RCT_CUTOFF, look->intermittent.rct },
		{ QRNG_A_HEALTH_RCT_CUTOFF_PERMANENT, look->permanent.rct },
		{ QRNG_A_HEALTH_APT_CUTOFF, look->intermittent.apt },
		{ QRNG_A_HEALTH_APT_CUTOFF_PERMANENT, look->permanent.apt },
		{ QRNG_A_HEALTH_STARTUP_LEFT, look->startup_left },
	};

	return qrng_netlink_put_u32s(skb, words, ARRAY_SIZE(words));
}

static int put_results(struct sk_buff *skb, const struct qrng_source_info *look)
{
	const struct qrng_netlink_u64 wide[] = {
		{ QRNG_A_HEALTH_RCT_FAILURES, look->rct_failures },
		{ QRNG_A_HEALTH_APT_FAILURES, look->apt_failures },
		{ QRNG_A_HEALTH_INTERMITTENT, look->stats.intermittent },
		{ QRNG_A_HEALTH_PERMANENT, look->stats.permanent },
		{ QRNG_A_HEALTH_STARTUP_PASSES, look->stats.startup_passes },
		{ QRNG_A_HEALTH_TESTS, look->stats.tests },
		{ QRNG_A_HEALTH_TEST_FAILURES, look->stats.test_failures },
	};

	return qrng_netlink_put_u64s(skb, wide, ARRAY_SIZE(wide), QRNG_A_HEALTH_PAD);
}

static int put_health(struct sk_buff *skb, void *what)
{
	struct qrng_source *source = what;
	struct qrng_source_info look;

	qrng_source_look(source, &look);
	return nla_put_string(skb, QRNG_A_HEALTH_NAME, source->name) ?:
	       put_tests(skb, &look) ?: put_results(skb, &look);
}

/** qrng_netlink_health_get() - QRNG_CMD_HEALTH_GET for one source */
int qrng_netlink_health_get(struct sk_buff *request, struct genl_info *info)
{
	return qrng_netlink_source_answer(info, put_health);
}

/** qrng_netlink_health_get_dump() - QRNG_CMD_HEALTH_GET for all */
int qrng_netlink_health_get_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return qrng_netlink_source_dump(skb, cb, put_health);
}

static int put_counters(struct sk_buff *skb, const struct qrng_source_info *look)
{
	const struct qrng_netlink_u64 wide[] = {
		{ QRNG_A_STATS_RAW_BYTES, look->stats.raw_bytes },
		{ QRNG_A_STATS_USED_BYTES, look->used_bytes },
		{ QRNG_A_STATS_RESERVE_BYTES, look->reserve_bytes },
		{ QRNG_A_STATS_REGISTER_READS, look->stats.register_reads },
		{ QRNG_A_STATS_OVERFLOWS, look->stats.overflows },
		{ QRNG_A_STATS_TIMEOUTS, look->stats.timeouts },
		{ QRNG_A_STATS_MODULE_FAILURES, look->stats.module_failures },
		{ QRNG_A_STATS_STARTS, look->stats.starts },
	};

	return qrng_netlink_put_u64s(skb, wide, ARRAY_SIZE(wide), QRNG_A_STATS_PAD);
}

static int put_stats(struct sk_buff *skb, void *what)
{
	struct qrng_source *source = what;
	struct qrng_source_info look;

	qrng_source_look(source, &look);
	return nla_put_string(skb, QRNG_A_STATS_NAME, source->name) ?: put_counters(skb, &look);
}

/** qrng_netlink_stats_get() - QRNG_CMD_STATS_GET for one source */
int qrng_netlink_stats_get(struct sk_buff *request, struct genl_info *info)
{
	return qrng_netlink_source_answer(info, put_stats);
}

/** qrng_netlink_stats_get_dump() - QRNG_CMD_STATS_GET for all */
int qrng_netlink_stats_get_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return qrng_netlink_source_dump(skb, cb, put_stats);
}
