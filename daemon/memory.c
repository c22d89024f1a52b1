// SPDX-License-Identifier: MIT
#include "memory.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "log.h"

/* What came of locking all. */
static rlim_t limit;
static int reason;

/* Return: the limit, after it has been raised as far as it goes. */
static rlim_t raise_limit(void)
{
	struct rlimit now = { RLIM_INFINITY, RLIM_INFINITY };

	if (setrlimit(RLIMIT_MEMLOCK, &now) == 0)
		return RLIM_INFINITY;
	if (getrlimit(RLIMIT_MEMLOCK, &now) != 0)
		return 0;
	now.rlim_cur = now.rlim_max;
	(void)setrlimit(RLIMIT_MEMLOCK, &now);
	return now.rlim_cur;
}

/* What is never used, as the ends of stacks, takes no memory. */
static bool lock_all(void)
{
	return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

void qrngd_memory_hide(void)
{
	const struct rlimit none = { 0, 0 };

	prctl(PR_SET_DUMPABLE, 0);
	(void)setrlimit(RLIMIT_CORE, &none);
}

void qrngd_memory_guard(void)
{
	limit = raise_limit();
	qrngd_memory_hide();
	reason = limit == RLIM_INFINITY && !lock_all() ? errno : 0;
}

void qrngd_memory_announce(void)
{
	if (limit != RLIM_INFINITY)
		qrngd_log("memory: keys alone are locked into it, as RLIMIT_MEMLOCK is %llu KiB",
			  (unsigned long long)limit / 1024);
	else if (reason)
		qrngd_log("memory: keys alone are locked into it: %s", strerror(reason));
}
