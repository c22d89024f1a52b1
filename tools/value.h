/* SPDX-License-Identifier: MIT */
/*
 * Values as people type them, with units.
 */
#ifndef _QRNGCTL_VALUE_H
#define _QRNGCTL_VALUE_H

#include "../netlink/record.h"

bool value_parse(const struct field *field, const char *text, uint64_t *number);
void value_allowed(const struct field *field, char *to, size_t size);

#endif /* _QRNGCTL_VALUE_H */
