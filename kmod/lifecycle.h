/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine sleeps and wakes, or goes on as the copy of another. */
#ifndef _QRNG_LIFECYCLE_H
#define _QRNG_LIFECYCLE_H

#include <linux/pm.h>

/* For the class: called for each device in it. */
extern const struct dev_pm_ops qrng_lifecycle_pm;

int qrng_lifecycle_register(void);
void qrng_lifecycle_unregister(void);

#endif /* _QRNG_LIFECYCLE_H */
