/* SPDX-License-Identifier: MIT */
/*
 * The head of an HTTP answer, as curl -i and curl -D write it down.
 */
#ifndef _QRNGCTL_HEAD_H
#define _QRNGCTL_HEAD_H

#include <stddef.h>

/** struct head - the lines of a head, and what comes behind it; both point into the input */
struct head {
	const char *text;
	size_t len;
	const char *rest;
	size_t rest_len;
};

/** struct span - characters, not terminated */
struct span {
	const char *text;
	size_t len;
};

int head_split(const char *text, size_t len, const char *wanted, struct head *head);
unsigned int head_field(const struct head *head, const char *name, struct span *value);

#endif /* _QRNGCTL_HEAD_H */
