/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_WARNING_H
#define _QRNGCTL_WARNING_H

#include <stddef.h>

struct overview;

typedef void (*warning_fn)(const char *text, void *data);

size_t warning_each(const struct overview *overview, warning_fn tell, void *data);

#endif /* _QRNGCTL_WARNING_H */
