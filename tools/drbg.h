/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_DRBG_H
#define _QRNGCTL_DRBG_H

#include "../netlink/fetch.h"
#include "../netlink/objects.h"
#include "qrngctl.h"

int drbg_show(struct session *session, const struct call *call);

#endif /* _QRNGCTL_DRBG_H */
