/* SPDX-License-Identifier: MIT */
/* What answers cost whoever asked: eight bits for each byte of their bodies. */
#ifndef QRNGD_TOLL_H
#define QRNGD_TOLL_H

#include "router.h"

/**
 * qrngd_toll_request() - count a request, and say in headers what is left
 * @call: the request, which has a payer; this is its answer, a problem, if it may not come
 */
bool qrngd_toll_request(struct qrngd_call *call);

/**
 * qrngd_toll_possible() - may a request be answered at such length?
 * @call: the request; this is its answer, a problem, if not
 * @len: bytes
 */
bool qrngd_toll_possible(struct qrngd_call *call, uint64_t len);

/**
 * qrngd_toll_take() - count the first bytes of an answer, or all of them
 * @call: the request, before its answer begins; this is its answer, a problem, if there
 *	are no more so many
 * @len: bytes
 */
bool qrngd_toll_take(struct qrngd_call *call, size_t len);

/**
 * qrngd_toll_more() - count bytes of an answer that has begun
 * @payer: of the request
 * @len: bytes
 *
 * Return: false if there are no more so many: then the answer is to be broken off.
 */
bool qrngd_toll_more(const struct qrngd_payer *payer, size_t len);

#endif /* QRNGD_TOLL_H */
