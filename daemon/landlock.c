// SPDX-License-Identifier: MIT
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "log.h"

/*
 * What headers of Linux 6.1 do not have yet. A kernel refuses what it does not know, so it
 * is asked for its ABI first.
 */
#define TRUNCATE	(UINT64_C(1) << 14) /* ABI 3 */
#define IOCTL_DEV	(UINT64_C(1) << 15) /* ABI 5 */
#define NET_BIND_TCP	(UINT64_C(1) << 0)  /* ABI 4 */
#define NET_CONNECT_TCP (UINT64_C(1) << 1)
#define SCOPE_ABSTRACT	(UINT64_C(1) << 0) /* ABI 6 */
#define SCOPE_SIGNAL	(UINT64_C(1) << 1)

/* All rights that ABI 1 has. */
#define FS_FIRST ((UINT64_C(1) << 13) - 1)

/* Rights that make sense for a file by itself. */
#define FS_FILE                                                                              \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |                        \
	 LANDLOCK_ACCESS_FS_READ_FILE | TRUNCATE | IOCTL_DEV)

/** struct ruleset - struct landlock_ruleset_attr as of ABI 6; @size is how much of it counts */
struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

/* What may be done where. */
static const uint64_t rights[] = {
	[QRNGD_OPENS_FILE] = LANDLOCK_ACCESS_FS_READ_FILE,
	/* Half a line at its end is found, and taken back. */
	[QRNGD_OPENS_LOG] = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
			    LANDLOCK_ACCESS_FS_MAKE_REG | TRUNCATE,
	[QRNGD_OPENS_DEVICE] = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
			       IOCTL_DEV,
	[QRNGD_OPENS_SOCKET] = LANDLOCK_ACCESS_FS_REMOVE_FILE,
	/* Its folder is a place for what is removed. */
	[QRNGD_OPENS_FIFO] = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE,
	[QRNGD_OPENS_TREE] = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
};

/* Return: the ABI, 0 for a kernel without, or one that a container keeps from its guests. */
static int find_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

/* A service manager with an address that is no file's is told of things from inside. */
static uint64_t scopes(void)
{
	const char *manager = getenv("NOTIFY_SOCKET");

	return manager && *manager == '@' ? SCOPE_SIGNAL : SCOPE_SIGNAL | SCOPE_ABSTRACT;
}

static int make_ruleset(int abi, struct ruleset *rules)
{
	size_t size = sizeof(rules->handled_access_fs);

	*rules = (struct ruleset){ .handled_access_fs = FS_FIRST };
	if (abi >= 2)
		rules->handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		rules->handled_access_fs |= TRUNCATE;
	if (abi >= 4) {
		rules->handled_access_net = NET_BIND_TCP | NET_CONNECT_TCP;
		size += sizeof(rules->handled_access_net);
	}
	if (abi >= 5)
		rules->handled_access_fs |= IOCTL_DEV;
	if (abi >= 6) {
		rules->scoped = scopes();
		size += sizeof(rules->scoped);
	}
	return (int)syscall(SYS_landlock_create_ruleset, rules, size, 0);
}

/* A place that has gone since it was found is no loss. */
static int allow(int fd, const struct ruleset *rules, const struct qrngd_place *place)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = rights[place->opens] & rules->handled_access_fs,
		.parent_fd = open(place->path, O_PATH | O_CLOEXEC),
	};
	long ret;

	if (beneath.parent_fd < 0)
		return 0;
	if (place->file)
		beneath.allowed_access &= FS_FILE;
	ret = syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	/*
	 * What is in /proc is made up for whoever looks, and another thing when all have looked
	 * away: that of the rule is kept open.
	 */
	if (strncmp(place->path, "/proc/", 6) != 0)
		close(beneath.parent_fd);
	return (int)ret;
}

static int complain(const char *what)
{
	qrngd_log("sandbox on: Landlock refuses %s: %s", what, strerror(errno));
	return -1;
}

int qrngd_landlock_enter(const struct qrngd_places *places)
{
	struct ruleset rules;
	int abi = find_abi();
	unsigned int i;
	int fd;

	if (!abi)
		return 0;
	fd = make_ruleset(abi, &rules);
	if (fd < 0)
		return complain("rules");
	for (i = 0; i < places->count; i++) {
		if (allow(fd, &rules, &places->items[i]) != 0) {
			complain(places->items[i].path);
			goto err_rule;
		}
	}
	if (syscall(SYS_landlock_restrict_self, fd, 0) != 0) {
		complain("its rules to be used");
		goto err_rule;
	}
	close(fd);
	return abi;

err_rule:
	close(fd);
	return -1;
}
