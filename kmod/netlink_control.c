// SPDX-License-Identifier: GPL-2.0-only
/* Netlink: what an operator tells a source. */
#include <net/genetlink.h>

#include "control.h"
#include "netlink_gen.h"
#include "netlink_source.h"
#include "source.h"

/* Why a source did not do what it was told; the calls it takes share their errors. */
static void explain(struct netlink_ext_ack *extack, int error)
{
	switch (error) {
	case -ENODEV:
		NL_SET_ERR_MSG(extack, "the source is gone");
		break;
	case -ESHUTDOWN:
		NL_SET_ERR_MSG(extack, "the source is disabled; set enabled to 1 first");
		break;
	case -EBUSY:
		NL_SET_ERR_MSG(extack, "a test is under way already");
		break;
	case -EIO:
		NL_SET_ERR_MSG(extack, "the source has failed; source-reset makes it try again");
		break;
	case -EINVAL:
		NL_SET_ERR_MSG(extack, "modules: allowed are those in modules-present");
		break;
	case -EOPNOTSUPP:
		NL_SET_ERR_MSG(extack, "modules: this source has none");
		break;
	}
}

static u32 take(const struct nlattr *attr, u32 set, u32 *value)
{
	if (!attr)
		return 0;
	*value = nla_get_u32(attr);
	return set;
}

static void take_config(struct nlattr **attrs, struct qrng_source_config *config)
{
	config->set =
		take(attrs[QRNG_A_SOURCE_QUALITY], QRNG_SOURCE_SET_QUALITY, &config->quality) |
		take(attrs[QRNG_A_SOURCE_ALPHA], QRNG_SOURCE_SET_ALPHA, &config->alpha) |
		take(attrs[QRNG_A_SOURCE_ENABLED], QRNG_SOURCE_SET_ENABLED, &config->enabled) |
		take(attrs[QRNG_A_SOURCE_MODULES], QRNG_SOURCE_SET_MODULES, &config->modules);
}

static int tell(struct genl_info *info, int (*order)(struct qrng_source *source))
{
	struct qrng_source *source = qrng_netlink_source_find(info);
	int ret;

	if (IS_ERR(source))
		return PTR_ERR(source);
	ret = order(source);
	explain(info->extack, ret);
	qrng_source_put(source);
	return ret;
}

/** qrng_netlink_source_set() - QRNG_CMD_SOURCE_SET; the policy has checked every value */
int qrng_netlink_source_set(struct sk_buff *request, struct genl_info *info)
{
	struct qrng_source *source = qrng_netlink_source_find(info);
	struct qrng_source_config config = { };
	int ret;

	if (IS_ERR(source))
		return PTR_ERR(source);
	take_config(info->attrs, &config);
	if (config.set) {
		ret = qrng_source_configure(source, &config);
		explain(info->extack, ret);
	} else {
		NL_SET_ERR_MSG(info->extack,
			       "nothing to set: allowed are quality, alpha, enabled, modules");
		ret = -EINVAL;
	}
	qrng_source_put(source);
	return ret;
}

/** qrng_netlink_source_test() - QRNG_CMD_SOURCE_TEST; its end is an event */
int qrng_netlink_source_test(struct sk_buff *request, struct genl_info *info)
{
	return tell(info, qrng_source_test);
}

/** qrng_netlink_source_reset() - QRNG_CMD_SOURCE_RESET */
int qrng_netlink_source_reset(struct sk_buff *request, struct genl_info *info)
{
	return tell(info, qrng_source_restart);
}
