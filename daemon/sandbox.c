// SPDX-License-Identifier: MIT
#include "sandbox.h"

#include <time.h>

#include <jansson.h>

#include "landlock.h"
#include "log.h"
#include "memory.h"
#include "places.h"
#include "syscalls.h"

/* A process has one sandbox. No places: files are limited by their modes alone. */
static struct qrngd_places places;
static int abi; /* of Landlock */

/* What libraries open when they are used first. */
static void open_at_once(void)
{
	tzset();
	json_object_seed(0);
}

static int give_up_files(const struct qrngd_options *options)
{
	if (qrngd_places_find(&places, options) != 0)
		return -1;
	abi = qrngd_landlock_enter(&places);
	if (abi == 0)
		places.count = 0;
	return abi < 0 ? -1 : 0;
}

int qrngd_sandbox_enter(const struct qrngd_options *options,
			const struct qrngd_identity *identity)
{
	if ((options->sandbox || identity->wanted) && qrngd_identity_take(identity, options) != 0)
		return -1;
	qrngd_memory_hide();
	if (!options->sandbox)
		return 0;
	open_at_once();
	return give_up_files(options) != 0 ? -1 : qrngd_syscalls_limit();
}

void qrngd_sandbox_announce(const struct qrngd_options *options)
{
	qrngd_memory_announce();
	if (!options->sandbox)
		qrngd_log("sandbox: off");
	else if (abi)
		qrngd_log("sandbox: system calls and files are limited (Landlock ABI %d)", abi);
	else
		qrngd_log("sandbox: system calls are limited; files are not, as this kernel has "
			  "no Landlock");
}

int qrngd_sandbox_check(const struct qrngd_options *options)
{
	if (!places.count)
		return 0;
	return qrngd_places_check(&places, options);
}
