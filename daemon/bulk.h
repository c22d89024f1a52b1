/* SPDX-License-Identifier: MIT */
/*
 * Answers of megabytes that are there only as a whole. Most are made as they are taken, in
 * one buffer each; of these a thread has a few, or slow clients would have all memory.
 */
#ifndef QRNGD_BULK_H
#define QRNGD_BULK_H

#include "router.h"

/* What need not be counted: no more than any connection may have. */
#define QRNGD_BULK_MIN ((size_t)256 * 1024)

/* Enough for any picture, while it is not known how large it will be. */
#define QRNGD_BULK_PICTURE ((size_t)8 * 1024 * 1024)

/**
 * qrngd_bulk_begin() - may there be one more?
 * @call: the request, with which it ends; this is its answer, 503, if not
 * @size: bytes that it will hold
 */
bool qrngd_bulk_begin(struct qrngd_call *call, size_t size);

#endif /* QRNGD_BULK_H */
