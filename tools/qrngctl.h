/* SPDX-License-Identifier: MIT */
/*
 * What the sub-commands of qrngctl share: how they are called, how they end.
 */
#ifndef _QRNGCTL_H
#define _QRNGCTL_H

#include <stdbool.h>

/** enum qrngctl_exit - how the program ends; scripts rely on the numbers */
enum qrngctl_exit {
	QRNGCTL_OK,
	QRNGCTL_USAGE,		/* the command line was wrong */
	QRNGCTL_NO_MODULE,	/* the kernel has no generic-netlink family "qrng" */
	QRNGCTL_NO_SOURCE,	/* no source of that name */
	QRNGCTL_FAILED,		/* the kernel refused or failed, or stdout did */
	QRNGCTL_NOT_READY,	/* check: no random bytes to be had now */
};

/**
 * struct call - one run of a sub-command
 * @json: answer in JSON
 * @argument: what came after the sub-command, NULL for those that take nothing
 */
struct call {
	bool json;
	const char *argument;
};

/* Each prints to stdout, complains on stderr and returns an enum qrngctl_exit. */
int overview_command(const struct call *call);
int sources_command(const struct call *call);
int source_command(const struct call *call);
int drbg_command(const struct call *call);
int check_command(const struct call *call);

#endif /* _QRNGCTL_H */
