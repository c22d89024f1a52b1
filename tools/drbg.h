/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_DRBG_H
#define _QRNGCTL_DRBG_H

#include "fetch.h"
#include "qrngctl.h"

extern const struct object drbg_object;

int drbg_show(struct session *session, const struct call *call);

#endif /* _QRNGCTL_DRBG_H */
