/* SPDX-License-Identifier: MIT */
/*
 * Questions to the daemon over its HTTP API.
 */
#ifndef _QRNGCTL_CLIENT_H
#define _QRNGCTL_CLIENT_H

#include <stddef.h>
#include <jansson.h>

#include "qrngctl.h"

/** struct reply - what the daemon answered, as it came; each is terminated */
struct reply {
	long status;
	char *head;
	size_t head_len;
	char *body;
	size_t body_len;
};

int client_ask(const struct call *call, const char *method, const char *path, struct reply *reply);
int client_get_json(const struct call *call, const char *method, const char *path,
		    json_t **document);
void reply_free(struct reply *reply);

#endif /* _QRNGCTL_CLIENT_H */
