/* SPDX-License-Identifier: MIT */
/* One parameter's value, from its text and back. */
#ifndef QRNGD_VALUE_H
#define QRNGD_VALUE_H

#include "query.h"

/**
 * qrngd_value_parse() - read a value
 * @param: what it is to be
 * @text: as it stands in the query, or NULL when there is no '='
 * @len: bytes
 * @decoded: where decoded text goes, as much room as @len; moved behind what was written
 * @value: filled in, but for its member given
 *
 * Return: NULL, or a clause that says what is wrong.
 */
const char *qrngd_value_parse(const struct qrngd_param *param, const char *text, size_t len,
			      char **decoded, struct qrngd_value *value);

/**
 * qrngd_value_fallback() - take the value that is meant when the query has none
 * @param: a parameter that is not required
 * @value: filled in, but for its member given
 */
void qrngd_value_fallback(const struct qrngd_param *param, struct qrngd_value *value);

#endif /* QRNGD_VALUE_H */
