/* SPDX-License-Identifier: MIT */
/* Writes JSON into a buffer of fixed size; what does not fit is noticed, never cut. */
#ifndef QRNGD_JSON_H
#define QRNGD_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct qrngd_json - a document that is being written
 * @text: the buffer
 * @size: bytes of @text
 * @len: how much of it is written
 * @comma: a member before the next one wants a comma
 * @full: something did not fit; @text is of no use then
 */
struct qrngd_json {
	char *text;
	size_t size;
	size_t len;
	bool comma;
	bool full;
};

/**
 * qrngd_json_open() - begin an object '{' or an array '['
 * @json: the document
 * @name: as a member of this name; NULL for an element or the whole document
 * @bracket: which of the two
 */
void qrngd_json_open(struct qrngd_json *json, const char *name, char bracket);

/**
 * qrngd_json_close() - end what was opened last
 * @json: the document
 * @bracket: '}' or ']'
 */
void qrngd_json_close(struct qrngd_json *json, char bracket);

/**
 * qrngd_json_string() - a string
 * @json: the document
 * @name: of the member, or NULL for an element
 * @value: any bytes; all but printable ASCII are escaped, as if they were Latin-1
 * @len: how many
 */
void qrngd_json_string(struct qrngd_json *json, const char *name, const char *value, size_t len);

/**
 * qrngd_json_text() - a string
 * @json: the document
 * @name: of the member, or NULL for an element
 * @value: UTF-8, kept as it is but for what JSON forbids
 * @len: bytes
 */
void qrngd_json_text(struct qrngd_json *json, const char *name, const char *value, size_t len);

/** qrngd_json_word() - a string that ends in NUL */
void qrngd_json_word(struct qrngd_json *json, const char *name, const char *value);

/** qrngd_json_number() - a whole number */
void qrngd_json_number(struct qrngd_json *json, const char *name, uint64_t value);

/**
 * qrngd_json_plain() - a value that is JSON as it stands: a number, true, null
 * @json: the document
 * @name: of the member, or NULL for an element
 * @value: what is written, without quotes
 */
void qrngd_json_plain(struct qrngd_json *json, const char *name, const char *value);

#endif /* QRNGD_JSON_H */
