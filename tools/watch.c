// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "complaint.h"
#include "connect.h"
#include "overview.h"
#include "qrngctl.h"
#include "stop.h"

/* To the top, and all below it is gone. With the new page in one write, it does not flicker. */
#define ANEW		"\033[H\033[J"
#define PAGE_MAX	65536

/* The module may have gone since the last look, and be back at the next. */
static int look(const struct call *call)
{
	struct session session;
	int ret;

	ret = session_connect(&session);
	if (!ret)
		ret = overview_show(&session, call->json);
	if (ret == -ENOENT) {
		puts(call->json ? "{\"loaded\":false}" : "module qrng is not loaded");
		ret = 0;
	}
	if (ret)
		ret = complaint(&session, NULL, ret);
	session_close(&session);
	return ret;
}

/* On a terminal in place; elsewhere one below the other, apart by an empty line. */
static int draw(const struct call *call, bool terminal, bool first)
{
	int ret;

	if (terminal)
		fputs(ANEW, stdout);
	else if (!first && !call->json)
		putchar('\n');
	ret = look(call);
	/* Nobody there to see it: finish() finds that out again, and says so. */
	return fflush(stdout) ? QRNGCTL_FAILED : ret;
}

/** watch_command() - show everything again and again, until somebody ends it */
int watch_command(const struct call *call)
{
	bool terminal = !call->json && isatty(STDOUT_FILENO), first = true;
	struct session session;
	int ret;

	ret = connect_session(&session);
	if (ret)
		return ret;
	session_close(&session);
	setvbuf(stdout, NULL, _IOFBF, PAGE_MAX);
	ret = stop_install();
	while (!ret) {
		ret = draw(call, terminal, first);
		if (ret)
			return ret;
		first = false;
		ret = stop_wait(-1, (int)call->interval_ms);
	}
	return ret == -EINTR ? QRNGCTL_OK : complaint(&session, NULL, ret);
}
