/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_RAWDEV_H
#define _QRNG_RAWDEV_H

void qrng_rawdev_register(void);
void qrng_rawdev_unregister(void);

#endif /* _QRNG_RAWDEV_H */
