/* SPDX-License-Identifier: MIT */
/* What HTTP forbids in the head of a request, and the library lets pass. */
#ifndef QRNGD_HEAD_H
#define QRNGD_HEAD_H

#include "h2o_compat.h"

/* The longest list of items, each byte percent-encoded, fits twice. */
#define QRNGD_HEAD_MAX ((size_t)32 * 1024)

/**
 * qrngd_head_fault() - find what is wrong with a request's head
 * @req: the request, in the library's first call for it
 * @status: of the answer, if something is wrong
 *
 * Line ends without a CR and folded lines (RFC 9112, 2.2 and 5.2), more or less than one
 * Host (3.2), a target that is neither a path nor an absolute form (3.2), a head of more
 * than %QRNGD_HEAD_MAX bytes. Who disagrees with us about the first of them disagrees
 * about where a request ends, too.
 *
 * Return: NULL, or a clause for people.
 */
const char *qrngd_head_fault(const h2o_req_t *req, int *status);

/**
 * qrngd_head_field() - the value of the first field of a name
 * @req: the request
 * @name: in lower case
 *
 * Return: the value, without a NUL; its base is NULL if there is no such field.
 */
h2o_iovec_t qrngd_head_field(const h2o_req_t *req, const char *name);

/**
 * qrngd_head_strip() - take scheme and authority off a target in absolute form
 * @req: the request; its path may be changed
 *
 * Every server has to know that form (RFC 9112, 3.2.2), but the release does not.
 */
void qrngd_head_strip(h2o_req_t *req);

#endif /* QRNGD_HEAD_H */
