/* SPDX-License-Identifier: MIT */
/*
 * Records for people. See json.h for programs.
 */
#ifndef _QRNGCTL_OUTPUT_H
#define _QRNGCTL_OUTPUT_H

#include <stdio.h>

#include "../netlink/record.h"

void output_safe(FILE *out, const char *text);
void output_record(FILE *out, const struct object *object, const struct record *record);
void output_brief(FILE *out, const struct object *object, const struct record *record);
void output_table(FILE *out, const struct object *object, const struct record *records,
		  size_t count);

#endif /* _QRNGCTL_OUTPUT_H */
