/* SPDX-License-Identifier: MIT */
/*
 * Text in and out: numbers with limits, and answers in a buffer of fixed size.
 */
#ifndef EMU_TEXT_H
#define EMU_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_SIZE 4096

/* An answer under construction: always terminated, cut (never overrun) when too long. */
struct text {
	size_t used;
	char data[TEXT_SIZE];
};

/* Empties @text. */
void text_clear(struct text *text);

/* Appends to @text as printf would. */
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Appends `"name":value`, with a comma in front unless @text ends in '{'.
 */
void text_add_number(struct text *text, const char *name, uint64_t value);
void text_add_bool(struct text *text, const char *name, bool value);
void text_add_hex(struct text *text, const char *name, uint32_t value);

/* Begins a nested object: `"name":{`. The caller ends it by text_add(text, "}"). */
void text_add_object(struct text *text, const char *name);

/*
 * Reads @word, decimal or 0x-hexadecimal, into @value.
 * Returns false, with @value untouched, unless all of @word is a number in @min..@max.
 */
bool text_parse_number(const char *word, uint64_t min, uint64_t max, uint64_t *value);

#endif
