/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_HOST_H
#define _QRNG_HOST_H

#include "core/host.h"

extern const struct qrng_cipher qrng_host_chacha20;

#endif /* _QRNG_HOST_H */
