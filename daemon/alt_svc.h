/* SPDX-License-Identifier: MIT */
/* Alt-Svc (RFC 7838): how clients learn that there is HTTP/3, too. */
#ifndef QRNGD_ALT_SVC_H
#define QRNGD_ALT_SVC_H

#include "h2o_compat.h"

/**
 * qrngd_alt_svc_add() - tell a client of HTTPS that its host speaks HTTP/3, for a day
 * @req: the request, whose answer has no headers yet
 *
 * At the port that it came to. Who came by HTTP/3, or without TLS, is told nothing.
 */
void qrngd_alt_svc_add(h2o_req_t *req);

#endif /* QRNGD_ALT_SVC_H */
