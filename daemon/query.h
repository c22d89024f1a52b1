/* SPDX-License-Identifier: MIT */
/*
 * Query parameters, strictly: each known, at most once, a decimal number within its
 * range. Nothing is decoded, since no valid value needs it.
 */
#ifndef QRNGD_QUERY_H
#define QRNGD_QUERY_H

#include <stddef.h>
#include <stdint.h>

#define QRNGD_PARAMS_MAX 4

/** struct qrngd_param - a parameter that a route knows; a list ends with no name */
struct qrngd_param {
	const char *name;
	uint64_t min;
	uint64_t max;
	uint64_t fallback; /* when the query does not have it */
};

/**
 * struct qrngd_query_error - what is wrong with a query
 * @reason: a clause for people, NULL when nothing is wrong
 * @param: which parameter, NULL when it is not one the route knows
 * @name: as it stands in the query
 * @name_len: bytes
 * @value: as it stands in the query; NULL when there is no '='
 * @value_len: bytes
 */
struct qrngd_query_error {
	const char *reason;
	const struct qrngd_param *param;
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
};

/**
 * qrngd_query_parse() - read a query
 * @params: what the route knows
 * @query: what follows the '?', or NULL when there is none
 * @len: bytes of it
 * @values: the number of each of @params
 * @error: what is wrong, pointing into @query
 *
 * Return: 0, or -1 with @error filled in.
 */
int qrngd_query_parse(const struct qrngd_param *params, const char *query, size_t len,
		      uint64_t values[QRNGD_PARAMS_MAX], struct qrngd_query_error *error);

#endif /* QRNGD_QUERY_H */
