/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef _QRNG_CORE_SELFTEST_H
#define _QRNG_CORE_SELFTEST_H

#include "host.h"

const char *qrng_selftest(const struct qrng_cipher *chacha20, void *ctx);

#endif /* _QRNG_CORE_SELFTEST_H */
