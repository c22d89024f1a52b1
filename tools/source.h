/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_SOURCE_H
#define _QRNGCTL_SOURCE_H

#include "../netlink/fetch.h"
#include "../netlink/objects.h"
#include "qrngctl.h"

extern const struct object health_object;
extern const struct object stats_object;

size_t source_count_healthy(const struct list *sources);
bool source_name_ok(const char *name);
int source_complaint(struct session *session, const struct object *object, const char *name,
		     int error);
int source_show(struct session *session, const struct call *call, const char *name);

#endif /* _QRNGCTL_SOURCE_H */
