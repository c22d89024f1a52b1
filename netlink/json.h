/* SPDX-License-Identifier: MIT */
/*
 * Records for programs. Nothing here prints a final newline.
 */
#ifndef _QRNG_NETLINK_JSON_H
#define _QRNG_NETLINK_JSON_H

#include <stdio.h>

#include "record.h"

void json_put_string(FILE *out, const char *text);
void json_put_members(FILE *out, const struct object *object, const struct record *record);
void json_put_record(FILE *out, const struct object *object, const struct record *record);
void json_put_list(FILE *out, const struct object *object, const struct record *records,
		   size_t count);

#endif /* _QRNG_NETLINK_JSON_H */
