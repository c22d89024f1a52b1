/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_HWRNG_H
#define _QRNG_HWRNG_H

struct qrng_source;

void qrng_hwrng_follow(struct qrng_source *source);

#endif /* _QRNG_HWRNG_H */
