/* SPDX-License-Identifier: MIT */
/*
 * KEY=VALUE, as typed for the sub-commands that set something.
 */
#ifndef _QRNGCTL_SETTING_H
#define _QRNGCTL_SETTING_H

#include <stdio.h>

#include "../netlink/record.h"

int setting_put(struct nlmsghdr *nlh, const struct object *object, const char *const *words, int count);
int setting_check(const struct object *object, const char *const *words, int count);
void setting_help(FILE *out, const struct object *object);

#endif /* _QRNGCTL_SETTING_H */
