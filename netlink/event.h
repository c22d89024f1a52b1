/* SPDX-License-Identifier: MIT */
/*
 * Events of the module, and what befalls the one who listens to them.
 */
#ifndef _QRNG_NETLINK_EVENT_H
#define _QRNG_NETLINK_EVENT_H

#include <stdio.h>
#include <time.h>

#include "record.h"

extern const struct object event_object;

void event_print(FILE *out, bool json, const struct record *event, const struct timespec *time);
void event_describe(FILE *out, const struct record *event);
void event_note(FILE *out, bool json, const char *word, const struct timespec *time);
struct timespec event_time(const struct record *event);

#endif /* _QRNG_NETLINK_EVENT_H */
