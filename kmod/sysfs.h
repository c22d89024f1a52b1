/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_SYSFS_H
#define _QRNG_SYSFS_H

#include <linux/device.h>

extern struct class qrng_class;
extern const struct attribute_group *qrng_source_groups[];
extern const struct attribute_group *qrng_drbg_groups[];

int qrng_sysfs_register(void);
void qrng_sysfs_unregister(void);

#endif /* _QRNG_SYSFS_H */
