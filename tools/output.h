/* SPDX-License-Identifier: MIT */
/*
 * Records for people and for programs. Names come from the kernel, which had them
 * from hardware: no byte of them reaches a terminal unescaped.
 */
#ifndef _QRNGCTL_OUTPUT_H
#define _QRNGCTL_OUTPUT_H

#include <stdio.h>

#include "record.h"

void output_safe(FILE *out, const char *text);
void output_record(FILE *out, const struct object *object, const struct record *record);
void output_table(FILE *out, const struct object *object, const struct record *records,
		  size_t count);
void output_json_record(FILE *out, const struct object *object, const struct record *record);
void output_json_list(FILE *out, const struct object *object, const struct record *records,
		      size_t count);
const char *output_word(const struct field *field, const struct value *value, char *buffer,
			size_t size);

#endif /* _QRNGCTL_OUTPUT_H */
