/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef _QRNG_CORE_SELFTEST_H
#define _QRNG_CORE_SELFTEST_H

#include "generator.h"

const char *qrng_selftest(void *ctx, struct qrng_generator *scratch);

#endif /* _QRNG_CORE_SELFTEST_H */
