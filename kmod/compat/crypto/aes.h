/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_CRYPTO_AES_H
#define _QRNG_COMPAT_CRYPTO_AES_H

#include <linux/version.h>
#include_next <crypto/aes.h>

/* 7.0 gave encryption alone a key of its own, half the size. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define aes_enckey crypto_aes_ctx
#define aes_prepareenckey(key, in_key, key_len) aes_expandkey(key, in_key, key_len)
#endif

#endif /* _QRNG_COMPAT_CRYPTO_AES_H */
