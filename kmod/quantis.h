/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_QUANTIS_H
#define _QRNG_QUANTIS_H

int qrng_quantis_register(void);
void qrng_quantis_unregister(void);

#endif /* _QRNG_QUANTIS_H */
