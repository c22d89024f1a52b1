/* SPDX-License-Identifier: MIT */
/* Who asks: an administrator, somebody with a key, or anybody. */
#ifndef QRNGD_ACCESS_H
#define QRNGD_ACCESS_H

#include "keys.h"
#include "router.h"

/**
 * qrngd_access_is_admin() - may this client see and change settings?
 * @call: the request
 *
 * It may if it came over the admin socket, or brings the token (RFC 6750, 2.1).
 */
bool qrngd_access_is_admin(const struct qrngd_call *call);

/**
 * qrngd_access_may_administer() - may this client use a route that is for administrators?
 * @call: the request
 *
 * Some are for programs on this machine, too, as long as no web page and no proxy is behind
 * them.
 */
bool qrngd_access_may_administer(const struct qrngd_call *call);

/**
 * qrngd_access_refuse() - 401, or 403 where no token would help
 * @call: the request; this is its answer
 */
void qrngd_access_refuse(struct qrngd_call *call);

/**
 * qrngd_access_identify() - find out who pays
 * @call: the request; its payer is filled in, and it has none if it is an administrator's
 *	or no keys are asked for; this is its answer, a problem, if it may not come
 * @key: whose key it brought, as long as the setup is held; NULL: nobody's
 */
bool qrngd_access_identify(struct qrngd_call *call, const struct qrngd_key **key);

/**
 * qrngd_access_admit() - let in who may have random bytes, and count the request
 * @call: the request; this is its answer, a problem, if it may not come
 */
bool qrngd_access_admit(struct qrngd_call *call);

#endif /* QRNGD_ACCESS_H */
