/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef _QRNG_CORE_SELFTEST_H
#define _QRNG_CORE_SELFTEST_H

const char *qrng_selftest(void *ctx);

#endif /* _QRNG_CORE_SELFTEST_H */
