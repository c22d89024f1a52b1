/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_CRYPTO_SHA2_H
#define _QRNG_COMPAT_CRYPTO_SHA2_H

#include <linux/version.h>

/* 5.11 renamed the header. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#include <crypto/sha.h>
#else
#include_next <crypto/sha2.h>
#endif

/* 6.17 gave the library's context a type of its own. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define sha256_ctx sha256_state
#endif

#endif /* _QRNG_COMPAT_CRYPTO_SHA2_H */
