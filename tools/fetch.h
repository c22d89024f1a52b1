/* SPDX-License-Identifier: MIT */
/*
 * Requests whose answers are records, and requests that are only granted.
 */
#ifndef _QRNGCTL_FETCH_H
#define _QRNGCTL_FETCH_H

#include "../netlink/record.h"
#include "../netlink/session.h"

/** struct list - records of one table */
struct list {
	struct record *records;
	size_t count;
};

int fetch_list(struct session *session, const struct object *object, uint8_t command,
	       const char *name, struct list *list);
int fetch_one(struct session *session, const struct object *object, uint8_t command,
	      struct record *record);
int fetch_nothing(struct session *session, const struct nlmsghdr *request);
void list_free(struct list *list);

#endif /* _QRNGCTL_FETCH_H */
