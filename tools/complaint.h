/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_COMPLAINT_H
#define _QRNGCTL_COMPLAINT_H

#include "../netlink/record.h"
#include "../netlink/session.h"

int complaint(const struct session *session, const struct object *object, int error);

#endif /* _QRNGCTL_COMPLAINT_H */
