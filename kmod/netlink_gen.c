// SPDX-License-Identifier: GPL-2.0-only
/* Made from uapi/qrng.yaml by tools/protocol. */
#include <net/genetlink.h>

#include "netlink_gen.h"

static int check_name(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	int length = nla_len(attr) - 1;

	if (length < 1 || length > QRNG_SOURCE_NAME_MAX - 1) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "name: allowed is 1 to 31 characters and a final NUL");
		return -ERANGE;
	}
	return 0;
}

static int check_source_quality(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(attr);

	if (value < QRNG_QUALITY_MIN || value > QRNG_QUALITY_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "quality: allowed is 64 to 1024");
		return -ERANGE;
	}
	return 0;
}

static int check_source_alpha(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(attr);

	if (value < QRNG_ALPHA_MIN || value > QRNG_ALPHA_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "alpha: allowed is 20 to 40");
		return -ERANGE;
	}
	return 0;
}

static int check_source_enabled(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(attr);

	if (value > 1) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "enabled: allowed is 0 to 1");
		return -ERANGE;
	}
	return 0;
}

static int check_source_modules(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(attr);

	if (value < 1) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "modules: allowed is 1 or more");
		return -ERANGE;
	}
	return 0;
}

static int check_drbg_generator(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(attr);

	if (value > QRNG_GENERATOR_FORTUNA) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "generator: allowed is 0 (chacha20), 1 (aes256-ctr), 2 (ctr-drbg), 3 (fortuna)");
		return -ERANGE;
	}
	return 0;
}

static int check_drbg_reseed_interval(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(attr);

	if (value < QRNG_RESEED_INTERVAL_MIN || value > QRNG_RESEED_INTERVAL_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "reseed-interval: allowed is 1 to 86400");
		return -ERANGE;
	}
	return 0;
}

static int check_drbg_reseed_bytes(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u64 value = nla_get_u64(attr);

	if (value < QRNG_RESEED_BYTES_MIN) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "reseed-bytes: allowed is 65536 or more");
		return -ERANGE;
	}
	return 0;
}

static int check_drbg_grace_seconds(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(attr);

	if (value > QRNG_GRACE_SECONDS_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "grace-seconds: allowed is 0 to 86400");
		return -ERANGE;
	}
	return 0;
}

static int check_drbg_policy(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	u32 value = nla_get_u32(attr);

	if (value > QRNG_POLICY_ERROR) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "policy: allowed is 0 (block), 1 (error)");
		return -ERANGE;
	}
	return 0;
}

static const struct nla_policy drbg_nothing_policy[QRNG_A_DRBG_PAD + 1] = {
	[QRNG_A_DRBG_PAD] = { .type = NLA_REJECT,
		.reject_message = "no attribute can be given" },
};

static const struct nla_policy drbg_set_policy[QRNG_A_DRBG_POLICY + 1] = {
	[QRNG_A_DRBG_GENERATOR] = { .type = NLA_U32 },
	[QRNG_A_DRBG_RESEED_INTERVAL] = { .type = NLA_U32 },
	[QRNG_A_DRBG_RESEED_BYTES] = { .type = NLA_U64 },
	[QRNG_A_DRBG_GRACE_SECONDS] = { .type = NLA_U32 },
	[QRNG_A_DRBG_GRACE_BYTES] = { .type = NLA_U64 },
	[QRNG_A_DRBG_POLICY] = { .type = NLA_U32 },
};

static const struct nla_policy source_name_policy[QRNG_A_SOURCE_NAME + 1] = {
	[QRNG_A_SOURCE_NAME] =
		NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, check_name),
};

static const struct nla_policy source_set_policy[QRNG_A_SOURCE_MODULES + 1] = {
	[QRNG_A_SOURCE_NAME] =
		NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, check_name),
	[QRNG_A_SOURCE_QUALITY] = { .type = NLA_U32 },
	[QRNG_A_SOURCE_ALPHA] = { .type = NLA_U32 },
	[QRNG_A_SOURCE_ENABLED] = { .type = NLA_U32 },
	[QRNG_A_SOURCE_MODULES] = { .type = NLA_U32 },
};

static const struct nla_policy pool_nothing_policy[QRNG_A_POOL_PAD + 1] = {
	[QRNG_A_POOL_PAD] = { .type = NLA_REJECT,
		.reject_message = "no attribute can be given" },
};

static const struct nla_policy stats_name_policy[QRNG_A_STATS_NAME + 1] = {
	[QRNG_A_STATS_NAME] =
		NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, check_name),
};

static const struct nla_policy health_name_policy[QRNG_A_HEALTH_NAME + 1] = {
	[QRNG_A_HEALTH_NAME] =
		NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, check_name),
};

static const struct {
	u8 command;
	u8 attr;
	int (*check)(const struct nlattr *attr, struct netlink_ext_ack *extack);
} checks[] = {
	{ QRNG_CMD_SOURCE_SET, QRNG_A_SOURCE_QUALITY,
	  check_source_quality },
	{ QRNG_CMD_SOURCE_SET, QRNG_A_SOURCE_ALPHA,
	  check_source_alpha },
	{ QRNG_CMD_SOURCE_SET, QRNG_A_SOURCE_ENABLED,
	  check_source_enabled },
	{ QRNG_CMD_SOURCE_SET, QRNG_A_SOURCE_MODULES,
	  check_source_modules },
	{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_GENERATOR,
	  check_drbg_generator },
	{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_RESEED_INTERVAL,
	  check_drbg_reseed_interval },
	{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_RESEED_BYTES,
	  check_drbg_reseed_bytes },
	{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_GRACE_SECONDS,
	  check_drbg_grace_seconds },
	{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_POLICY,
	  check_drbg_policy },
};

/* Not by the policies: who asks a kernel for these makes it take the function for a range. */
int qrng_netlink_check(const struct genl_info *info)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		if (checks[i].command != info->genlhdr->cmd || !info->attrs[checks[i].attr])
			continue;
		ret = checks[i].check(info->attrs[checks[i].attr], info->extack);
		if (ret)
			return ret;
	}
	return 0;
}

const struct genl_ops qrng_netlink_ops[QRNG_NETLINK_OPS] = {
	{
		.cmd = QRNG_CMD_SOURCE_GET,
		.policy = source_name_policy,
		.maxattr = ARRAY_SIZE(source_name_policy) - 1,
		.doit = qrng_netlink_source_get,
		.start = qrng_netlink_dump_start,
		.dumpit = qrng_netlink_source_get_dump,
	},
	{
		.cmd = QRNG_CMD_DRBG_GET,
		.policy = drbg_nothing_policy,
		.maxattr = ARRAY_SIZE(drbg_nothing_policy) - 1,
		.doit = qrng_netlink_drbg_get,
	},
	{
		.cmd = QRNG_CMD_HEALTH_GET,
		.policy = health_name_policy,
		.maxattr = ARRAY_SIZE(health_name_policy) - 1,
		.doit = qrng_netlink_health_get,
		.start = qrng_netlink_dump_start,
		.dumpit = qrng_netlink_health_get_dump,
	},
	{
		.cmd = QRNG_CMD_STATS_GET,
		.policy = stats_name_policy,
		.maxattr = ARRAY_SIZE(stats_name_policy) - 1,
		.doit = qrng_netlink_stats_get,
		.start = qrng_netlink_dump_start,
		.dumpit = qrng_netlink_stats_get_dump,
	},
	{
		.cmd = QRNG_CMD_POOL_GET,
		.policy = pool_nothing_policy,
		.maxattr = ARRAY_SIZE(pool_nothing_policy) - 1,
		.doit = qrng_netlink_pool_get,
		.start = qrng_netlink_dump_start,
		.dumpit = qrng_netlink_pool_get_dump,
	},
	{
		.cmd = QRNG_CMD_SOURCE_SET,
		.policy = source_set_policy,
		.maxattr = ARRAY_SIZE(source_set_policy) - 1,
		.flags = GENL_ADMIN_PERM,
		.doit = qrng_netlink_source_set,
	},
	{
		.cmd = QRNG_CMD_SOURCE_TEST,
		.policy = source_name_policy,
		.maxattr = ARRAY_SIZE(source_name_policy) - 1,
		.flags = GENL_ADMIN_PERM,
		.doit = qrng_netlink_source_test,
	},
	{
		.cmd = QRNG_CMD_SOURCE_RESET,
		.policy = source_name_policy,
		.maxattr = ARRAY_SIZE(source_name_policy) - 1,
		.flags = GENL_ADMIN_PERM,
		.doit = qrng_netlink_source_reset,
	},
	{
		.cmd = QRNG_CMD_DRBG_SET,
		.policy = drbg_set_policy,
		.maxattr = ARRAY_SIZE(drbg_set_policy) - 1,
		.flags = GENL_ADMIN_PERM,
		.doit = qrng_netlink_drbg_set,
	},
	{
		.cmd = QRNG_CMD_DRBG_RESEED,
		.policy = drbg_nothing_policy,
		.maxattr = ARRAY_SIZE(drbg_nothing_policy) - 1,
		.flags = GENL_ADMIN_PERM,
		.doit = qrng_netlink_drbg_reseed,
	},
};

const struct genl_multicast_group qrng_netlink_groups[QRNG_NETLINK_GROUPS] = {
	[QRNG_NETLINK_GROUP_EVENTS] = { .name = QRNG_GENL_EVENTS },
};
