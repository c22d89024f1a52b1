/* SPDX-License-Identifier: MIT */
/* Random bytes as they are, for other paths. */
#ifndef QRNGD_RANDOM_H
#define QRNGD_RANDOM_H

#include "router.h"

/**
 * qrngd_random_answer() - answer with random bytes
 * @call: the request, whose first parameter is how many; this is its answer, or a problem
 *	when they cannot be had
 */
void qrngd_random_answer(struct qrngd_call *call);

#endif /* QRNGD_RANDOM_H */
