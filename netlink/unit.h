/* SPDX-License-Identifier: MIT */
/*
 * Values as people read them. Names come from the kernel, which had them from
 * hardware: no byte of them reaches a terminal unescaped.
 */
#ifndef _QRNG_NETLINK_UNIT_H
#define _QRNG_NETLINK_UNIT_H

#include "record.h"

/* Room for any value: the longest text, each byte of it escaped. */
#define UNIT_TEXT_MAX	(4 * RECORD_TEXT_MAX + 64)

bool unit_plain(unsigned char c);
void unit_safe(const char *text, char *to, size_t size);
void unit_word(const struct field *field, const struct value *value, char *to, size_t size);
void unit_brief(const struct field *field, const struct value *value, char *to, size_t size);
void unit_details(const struct field *field, const struct value *value, char *to, size_t size);

#endif /* _QRNG_NETLINK_UNIT_H */
