/* SPDX-License-Identifier: MIT */
/* Who asks: an administrator, or anybody. */
#ifndef QRNGD_ACCESS_H
#define QRNGD_ACCESS_H

#include "router.h"

/**
 * qrngd_access_is_admin() - may this client see and change settings?
 * @call: the request
 *
 * It may if it came over the admin socket, or brings the token (RFC 6750, 2.1).
 */
bool qrngd_access_is_admin(const struct qrngd_call *call);

/**
 * qrngd_access_refuse() - 401, or 403 where no token would help
 * @call: the request; this is its answer
 */
void qrngd_access_refuse(struct qrngd_call *call);

#endif /* QRNGD_ACCESS_H */
