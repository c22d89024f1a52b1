/* SPDX-License-Identifier: MIT */
/*
 * Query parameters, strictly: each known, at most once, of its type and within its
 * range. Only text is percent-decoded, since no other valid value needs it.
 */
#ifndef QRNGD_QUERY_H
#define QRNGD_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QRNGD_PARAMS_MAX 12

/* Wide enough for the signed and the unsigned numbers of 64 bits alike. */
typedef __int128 qrngd_integer;

/** enum qrngd_param_type - what a value looks like */
enum qrngd_param_type {
	QRNGD_INTEGER, /* decimal digits, with a '-' in front where the range allows it */
	QRNGD_REAL,    /* decimal, with a point and an exponent of ten if need be */
	QRNGD_WORD,    /* one of a list */
	QRNGD_TEXT,    /* percent-encoded UTF-8 without control characters */
};

/**
 * struct qrngd_param - a parameter that a route knows; a list ends with no name
 * @name: as it stands in the query
 * @doc: what it means, a clause for people, with its unit
 * @type: which of the unnamed members is in use
 * @required: there is no value without it in the query
 * @integer: range, and the value when the query does not have it
 * @real: the same
 * @words: the allowed words, ending with NULL, and the index of the one meant without it
 * @text: bytes, decoded, and the text meant without it
 */
struct qrngd_param {
	const char *name;
	const char *doc;
	enum qrngd_param_type type;
	bool required;
	union {
		struct {
			qrngd_integer min, max, fallback;
		} integer;
		struct {
			double min, max, fallback;
		} real;
		struct {
			const char *const *list;
			unsigned int fallback;
		} words;
		struct {
			size_t min, max;
			const char *fallback;
		} text;
	};
};

/* How tables of routes name their parameters. */
#define QRNGD_PARAM_INTEGER(name_, min_, max_, fallback_, doc_)                                    \
	{                                                                                          \
		.name = (name_), .doc = (doc_), .type = QRNGD_INTEGER,                             \
		.integer = { (min_), (max_), (fallback_) }                                         \
	}
#define QRNGD_PARAM_REAL(name_, min_, max_, fallback_, doc_)                                       \
	{                                                                                          \
		.name = (name_), .doc = (doc_), .type = QRNGD_REAL,                                \
		.real = { (min_), (max_), (fallback_) }                                            \
	}
#define QRNGD_PARAM_WORD(name_, list_, fallback_, doc_)                                            \
	{                                                                                          \
		.name = (name_), .doc = (doc_), .type = QRNGD_WORD, .words = { (list_), (fallback_) } \
	}
#define QRNGD_PARAM_TEXT(name_, min_, max_, fallback_, doc_)                                       \
	{                                                                                          \
		.name = (name_), .doc = (doc_), .type = QRNGD_TEXT,                                \
		.text = { (min_), (max_), (fallback_) }                                            \
	}
#define QRNGD_PARAM_TEXT_REQUIRED(name_, min_, max_, doc_)                                         \
	{                                                                                          \
		.name = (name_), .doc = (doc_), .type = QRNGD_TEXT, .required = true,              \
		.text = { (min_), (max_), NULL }                                                   \
	}

/**
 * struct qrngd_value - a parameter's value
 * @given: the query has it; otherwise this is what its table says
 * @integer: of %QRNGD_INTEGER
 * @real: of %QRNGD_REAL
 * @word: index in the list, of %QRNGD_WORD
 * @text: of %QRNGD_TEXT; not terminated
 * @len: bytes of @text
 */
struct qrngd_value {
	bool given;
	union {
		qrngd_integer integer;
		double real;
		unsigned int word;
		struct {
			const char *text;
			size_t len;
		};
	};
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
 * @decoded: room for @len bytes, where decoded text goes
 * @values: the value of each of @params
 * @error: what is wrong, pointing into @query
 *
 * Return: 0, or -1 with @error filled in.
 */
int qrngd_query_parse(const struct qrngd_param *params, const char *query, size_t len,
		      char *decoded, struct qrngd_value values[QRNGD_PARAMS_MAX],
		      struct qrngd_query_error *error);

/**
 * qrngd_integer_text() - write an integer in decimal
 * @text: where; always terminated
 * @value: within 64 bits, signed or unsigned
 *
 * Return: digits, and the sign if there is one.
 */
size_t qrngd_integer_text(char text[24], qrngd_integer value);

/**
 * qrngd_param_allowed() - say which values a parameter takes, for people
 * @param: the parameter
 * @text: where; always terminated
 * @size: bytes of @text
 */
void qrngd_param_allowed(const struct qrngd_param *param, char *text, size_t size);

#endif /* QRNGD_QUERY_H */
