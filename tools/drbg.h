/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_DRBG_H
#define _QRNGCTL_DRBG_H

#include "record.h"
#include "session.h"

extern const struct object drbg_object;

int drbg_fetch(struct session *session, struct record *drbg);

#endif /* _QRNGCTL_DRBG_H */
