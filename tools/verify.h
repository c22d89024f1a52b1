/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_VERIFY_H
#define _QRNGCTL_VERIFY_H

#include "client.h"

int verify_reply(const struct call *call, const struct reply *reply);

#endif /* _QRNGCTL_VERIFY_H */
