/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_SOURCE_H
#define _QRNGCTL_SOURCE_H

#include "record.h"
#include "session.h"

/** struct sources - all noise sources of the module */
struct sources {
	struct record *list;
	size_t count;
};

extern const struct object source_object;

int source_fetch_all(struct session *session, struct sources *sources);
void source_free(struct sources *sources);
size_t source_count_healthy(const struct sources *sources);

#endif /* _QRNGCTL_SOURCE_H */
