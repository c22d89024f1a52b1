/* SPDX-License-Identifier: MIT */
/*
 * The things that can be set, with what is told of them.
 */
#ifndef _QRNG_NETLINK_OBJECTS_H
#define _QRNG_NETLINK_OBJECTS_H

#include "record.h"

extern const struct object drbg_object;
extern const struct object source_object;

#endif /* _QRNG_NETLINK_OBJECTS_H */
