/* SPDX-License-Identifier: MIT */
/* Who the process is: the user it becomes when root started it, and what it may do then. */
#ifndef QRNGD_IDENTITY_H
#define QRNGD_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#include "options.h"

/* A user in more groups than this is refused. */
#define QRNGD_GROUPS_MAX 64

/**
 * struct qrngd_identity - a user with its groups
 * @wanted: another user than the one the process has
 * @uid: of the user
 * @gid: its group
 * @groups: all its groups, with the one whose members may read noise
 * @group_count: how many
 */
struct qrngd_identity {
	bool wanted;
	uid_t uid;
	gid_t gid;
	gid_t groups[QRNGD_GROUPS_MAX + 1];
	int group_count;
};

/**
 * qrngd_identity_find() - look up who the options ask for
 * @identity: filled in; not @wanted if they ask for nobody
 * @options: all settings
 *
 * Return: 0, or -1 after a line has said who is not known, or why it can't be.
 */
int qrngd_identity_find(struct qrngd_identity *identity, const struct qrngd_options *options);

/**
 * qrngd_identity_take() - become that user, for good
 * @identity: who, or nobody: then the user stays the same
 * @options: whether the capability to change the module's settings is kept
 *
 * No capability is left but that one, whoever the user is, and no program that is run can
 * have more (PR_SET_NO_NEW_PRIVS). For a process with one thread.
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_identity_take(const struct qrngd_identity *identity,
			const struct qrngd_options *options);

#endif /* QRNGD_IDENTITY_H */
