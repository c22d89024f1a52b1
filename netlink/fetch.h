/* SPDX-License-Identifier: MIT */
/*
 * Requests whose answers are records, and requests that are only granted.
 */
#ifndef _QRNG_NETLINK_FETCH_H
#define _QRNG_NETLINK_FETCH_H

#include "record.h"
#include "session.h"

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

#endif /* _QRNG_NETLINK_FETCH_H */
