// SPDX-License-Identifier: MIT
#include <string.h>
#include <linux/genetlink.h>

#include "../uapi/qrng.h"
#include "family.h"

/** struct group - one multicast group of a family */
struct group {
	const char *name;
	uint32_t id;
	bool malformed;
};

/** struct reading - the state of one family_parse() */
struct reading {
	struct family *family;
	const char *wrong;
};

static int on_group_attr(const struct nlattr *attr, void *data)
{
	struct group *group = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type == CTRL_ATTR_MCAST_GRP_NAME && !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
		group->name = mnl_attr_get_str(attr);
	else if (type == CTRL_ATTR_MCAST_GRP_ID && !mnl_attr_validate(attr, MNL_TYPE_U32))
		group->id = mnl_attr_get_u32(attr);
	else if (type == CTRL_ATTR_MCAST_GRP_NAME || type == CTRL_ATTR_MCAST_GRP_ID)
		group->malformed = true;
	return MNL_CB_OK;
}

static int on_group(const struct nlattr *attr, void *data)
{
	struct reading *reading = data;
	struct group group = { 0 };

	if (!mnl_attr_validate(attr, MNL_TYPE_NESTED))
		mnl_attr_parse_nested(attr, on_group_attr, &group);
	if (!group.name || group.malformed) {
		reading->wrong = "mcast_groups";
		return MNL_CB_ERROR;
	}
	if (!strcmp(group.name, QRNG_GENL_EVENTS))
		reading->family->events = group.id;
	return MNL_CB_OK;
}

static int on_family_attr(const struct nlattr *attr, void *data)
{
	struct reading *reading = data;
	struct family *family = reading->family;

	switch (mnl_attr_get_type(attr)) {
	case CTRL_ATTR_FAMILY_ID:
		if (mnl_attr_validate(attr, MNL_TYPE_U16) < 0)
			reading->wrong = "family_id";
		else
			family->id = mnl_attr_get_u16(attr);
		break;
	case CTRL_ATTR_FAMILY_NAME:
		if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
			reading->wrong = "family_name";
		else
			family->is_qrng = !strcmp(mnl_attr_get_str(attr), QRNG_GENL_NAME);
		break;
	case CTRL_ATTR_MCAST_GROUPS:
		if (mnl_attr_validate(attr, MNL_TYPE_NESTED) < 0)
			reading->wrong = "mcast_groups";
		else
			mnl_attr_parse_nested(attr, on_group, reading);
		break;
	default:
		break;
	}
	return reading->wrong ? MNL_CB_ERROR : MNL_CB_OK;
}

/**
 * family_parse() - read a message of the controller
 * @nlh: of any family
 * @family: filled in
 *
 * Return: NULL, or the attribute that is not as it should be.
 */
const char *family_parse(const struct nlmsghdr *nlh, struct family *family)
{
	struct reading reading = { .family = family };

	memset(family, 0, sizeof(*family));
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), on_family_attr, &reading);
	return reading.wrong;
}
