// SPDX-License-Identifier: MIT
#include "identity.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "log.h"

/* Whose members may read noise, by the module's udev rules. */
#define NOISE_GROUP "qrng"

static int find_group(struct qrngd_identity *identity, const char *name)
{
	const struct group *group;

	if (!name)
		return 0;
	group = getgrnam(name);
	if (!group) {
		qrngd_log("group %s: there is no such group", name);
		return -1;
	}
	identity->gid = group->gr_gid;
	return 0;
}

/* The group is added rather than asked for: without it the card's noise can't be reached. */
static int find_groups(struct qrngd_identity *identity, const char *user)
{
	const struct group *noise;

	identity->group_count = QRNGD_GROUPS_MAX;
	if (getgrouplist(user, identity->gid, identity->groups, &identity->group_count) < 0) {
		qrngd_log("user %s: it is in more than %d groups", user, QRNGD_GROUPS_MAX);
		return -1;
	}
	noise = getgrnam(NOISE_GROUP);
	if (noise)
		identity->groups[identity->group_count++] = noise->gr_gid;
	return 0;
}

int qrngd_identity_find(struct qrngd_identity *identity, const struct qrngd_options *options)
{
	const struct passwd *user;

	memset(identity, 0, sizeof(*identity));
	if (!options->user)
		return 0;
	if (geteuid() != 0) {
		qrngd_log("user %s: only root can become another user", options->user);
		return -1;
	}
	user = getpwnam(options->user);
	if (!user) {
		qrngd_log("user %s: there is no such user", options->user);
		return -1;
	}
	identity->wanted = true;
	identity->uid = user->pw_uid;
	identity->gid = user->pw_gid;
	if (find_group(identity, options->group) != 0)
		return -1;
	return find_groups(identity, options->user);
}

/* Service managers forbid who has nothing to give up the call for it, too. */
static bool has_nothing(void)
{
	return capng_have_capabilities(CAPNG_SELECT_CAPS) == CAPNG_NONE &&
	       capng_have_capabilities(CAPNG_SELECT_AMBIENT) == CAPNG_NONE;
}

/* Return: 0, or -1 if the capability is to be kept and is not there. */
static int choose_capabilities(const struct qrngd_options *options)
{
	if (options->module_control && !capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN)) {
		qrngd_log("module-control on: this process has no CAP_NET_ADMIN to keep");
		return -1;
	}
	capng_clear(CAPNG_SELECT_ALL);
	if (options->module_control)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_ADMIN);
	return 0;
}

static int become(const struct qrngd_identity *identity, const struct qrngd_options *options)
{
	if (setgroups((size_t)identity->group_count, identity->groups) == 0 &&
	    capng_change_id((int)identity->uid, (int)identity->gid,
			    CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT) == 0) {
		qrngd_log("user: %s", options->user);
		return 0;
	}
	qrngd_log("user %s: this process may not become another: %s", options->user,
		  strerror(errno));
	return -1;
}

int qrngd_identity_take(const struct qrngd_identity *identity, const struct qrngd_options *options)
{
	bool nothing = has_nothing();

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		qrngd_log("new privileges can't be given up: %s", strerror(errno));
		return -1;
	}
	if (choose_capabilities(options) != 0)
		return -1;
	if (identity->wanted)
		return become(identity, options);
	if (nothing)
		return 0;
	/* Who may not bound what is to come has given up privileges to come anyway. */
	(void)capng_apply(CAPNG_SELECT_BOUNDS);
	if (capng_apply(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT) == 0)
		return 0;
	qrngd_log("capabilities can't be given up: %s", strerror(errno));
	return -1;
}
