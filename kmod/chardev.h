/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_CHARDEV_H
#define _QRNG_CHARDEV_H

int qrng_chardev_register(void);
void qrng_chardev_unregister(void);

#endif /* _QRNG_CHARDEV_H */
