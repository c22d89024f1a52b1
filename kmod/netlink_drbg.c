// SPDX-License-Identifier: GPL-2.0-only
/* Netlink: the root generator. */
#include <linux/mutex.h>
#include <net/genetlink.h>

#include "drbg.h"
#include "netlink.h"
#include "netlink_gen.h"

/* From reading what is set to setting what is new of it. */
static DEFINE_MUTEX(set_lock);

static int put_config(struct sk_buff *skb, const struct qrng_drbg_config *config)
{
	const struct qrng_netlink_u32 words[] = {
		{ QRNG_A_DRBG_GENERATOR, config->generator },
		{ QRNG_A_DRBG_RESEED_INTERVAL, config->reseed_interval },
		{ QRNG_A_DRBG_GRACE_SECONDS, config->grace_seconds },
		{ QRNG_A_DRBG_POLICY, config->policy },
	};
	const struct qrng_netlink_u64 wide[] = {
		{ QRNG_A_DRBG_RESEED_BYTES, config->reseed_bytes },
		{ QRNG_A_DRBG_GRACE_BYTES, config->grace_bytes },
	};

	return qrng_netlink_put_u32s(skb, words, ARRAY_SIZE(words)) ?:
	       qrng_netlink_put_u64s(skb, wide, ARRAY_SIZE(wide), QRNG_A_DRBG_PAD);
}

static int put_grace(struct sk_buff *skb, const struct qrng_drbg_info *look)
{
	const struct qrng_netlink_u64 wide[] = {
		{ QRNG_A_DRBG_GRACE_LEFT_MS, look->grace_left_ms },
		{ QRNG_A_DRBG_GRACE_LEFT_BYTES, look->grace_left_bytes },
	};

	if (look->state != QRNG_DRBG_GRACE)
		return 0;
	return qrng_netlink_put_u64s(skb, wide, ARRAY_SIZE(wide), QRNG_A_DRBG_PAD);
}

static int put_drbg(struct sk_buff *skb, void *what)
{
	const struct qrng_drbg_info *look = what;
	const struct qrng_netlink_u32 words[] = {
		{ QRNG_A_DRBG_STATE, look->state },
		{ QRNG_A_DRBG_RESEED_REASON, look->reseed_reason },
		{ QRNG_A_DRBG_KERNEL_SEED, look->kernel_seed },
	};
	const struct qrng_netlink_u64 wide[] = {
		{ QRNG_A_DRBG_STATE_AGE_MS, look->state_age_ms },
		{ QRNG_A_DRBG_GENERATION, look->generation },
		{ QRNG_A_DRBG_RESEED_AGE_MS, look->reseed_age_ms },
		{ QRNG_A_DRBG_SEED_BYTES, look->seed_bytes },
		{ QRNG_A_DRBG_OUTPUT_BYTES, look->output_bytes },
		{ QRNG_A_DRBG_OPEN_FILES, look->open_files },
	};

	return qrng_netlink_put_u32s(skb, words, ARRAY_SIZE(words)) ?:
	       qrng_netlink_put_u64s(skb, wide, ARRAY_SIZE(wide), QRNG_A_DRBG_PAD) ?:
	       put_grace(skb, look) ?:
	       put_config(skb, &look->config);
}

/** qrng_netlink_drbg_get() - QRNG_CMD_DRBG_GET */
int qrng_netlink_drbg_get(struct sk_buff *request, struct genl_info *info)
{
	struct qrng_drbg_info look;

	qrng_drbg_look(&look);
	return qrng_netlink_answer(info, put_drbg, &look);
}

static bool take_u32(const struct nlattr *attr, u32 *value)
{
	if (attr)
		*value = nla_get_u32(attr);
	return attr;
}

static bool take_u64(const struct nlattr *attr, u64 *value)
{
	if (attr)
		*value = nla_get_u64(attr);
	return attr;
}

/* What is not given stays. Return: was anything given? */
static bool take_config(struct nlattr **attrs, struct qrng_drbg_config *config)
{
	bool given = false;

	given |= take_u32(attrs[QRNG_A_DRBG_GENERATOR], &config->generator);
	given |= take_u32(attrs[QRNG_A_DRBG_RESEED_INTERVAL], &config->reseed_interval);
	given |= take_u64(attrs[QRNG_A_DRBG_RESEED_BYTES], &config->reseed_bytes);
	given |= take_u32(attrs[QRNG_A_DRBG_GRACE_SECONDS], &config->grace_seconds);
	given |= take_u64(attrs[QRNG_A_DRBG_GRACE_BYTES], &config->grace_bytes);
	given |= take_u32(attrs[QRNG_A_DRBG_POLICY], &config->policy);
	return given;
}

/** qrng_netlink_drbg_set() - QRNG_CMD_DRBG_SET; the policy has checked every value */
int qrng_netlink_drbg_set(struct sk_buff *request, struct genl_info *info)
{
	struct qrng_drbg_config config;
	int ret;

	mutex_lock(&set_lock);
	qrng_drbg_get_config(&config);
	if (take_config(info->attrs, &config)) {
		ret = qrng_drbg_set_config(&config);
	} else {
		NL_SET_ERR_MSG(info->extack,
			       "nothing to set: allowed are the settings of drbg-get");
		ret = -EINVAL;
	}
	mutex_unlock(&set_lock);
	return ret;
}

/** qrng_netlink_drbg_reseed() - QRNG_CMD_DRBG_RESEED */
int qrng_netlink_drbg_reseed(struct sk_buff *request, struct genl_info *info)
{
	int ret = qrng_drbg_reseed(QRNG_RESEED_REQUEST);

	if (ret == -EAGAIN)
		NL_SET_ERR_MSG(info->extack,
			       "no seed now: healthy sources have not given enough since the last");
	return ret;
}
