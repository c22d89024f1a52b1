/* SPDX-License-Identifier: MIT */
/*
 * Values as people type them, with units.
 */
#ifndef _QRNG_NETLINK_VALUE_H
#define _QRNG_NETLINK_VALUE_H

#include "record.h"

bool value_parse(const struct field *field, const char *text, uint64_t *number);
void value_allowed(const struct field *field, char *to, size_t size);

#endif /* _QRNG_NETLINK_VALUE_H */
