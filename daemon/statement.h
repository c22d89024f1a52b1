/* SPDX-License-Identifier: MIT */
/* What a signed answer says of itself, and the headers it says it in. */
#ifndef QRNGD_STATEMENT_H
#define QRNGD_STATEMENT_H

#include "router.h"

/* The most that is signed at once: it has to be there whole before its head leaves. */
#define QRNGD_SIGNED_MAX ((size_t)128 * 1024)

/* What a route's table has beside its own parameters if its answers can be signed. */
#define QRNGD_PARAM_SIGNED                                                                         \
	QRNGD_PARAM_WORD("signed", qrngd_no_yes, 0,                                                \
			 "1: sign the answer, of at most 128 KiB, and mark it as public")
#define QRNGD_PARAM_CHALLENGE                                                                      \
	QRNGD_PARAM_TEXT("challenge", 1, 128, "",                                                  \
			 "text to be part of what is signed: the answer was made after it")
extern const char *const qrngd_no_yes[];

/** qrngd_statement_wanted() - does the request ask for a signature? */
bool qrngd_statement_wanted(const struct qrngd_call *call);

/**
 * qrngd_statement_consistent() - does the query make sense as far as signing goes?
 * @call: the request, with its query parsed
 *
 * Return: whether it does; if not, the request has been answered.
 */
bool qrngd_statement_consistent(struct qrngd_call *call);

/**
 * qrngd_statement_add() - sign a body, and say so in headers
 * @call: the request, before its answer begins
 * @body: the body
 * @len: bytes
 *
 * The statement goes to the log of public results, too, if there is one; the body never.
 *
 * Return: 0, or -1 after a problem was sent.
 */
int qrngd_statement_add(struct qrngd_call *call, const uint8_t *body, size_t len);

#endif /* QRNGD_STATEMENT_H */
