/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_CRYPTO_CHACHA_H
#define _QRNG_COMPAT_CRYPTO_CHACHA_H

#include <linux/version.h>
#include_next <crypto/chacha.h>

/* 6.16 gave the state a type of its own. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
struct chacha_state {
	u32 x[16];
};

#define chacha_init_consts(state)		chacha_init_consts((state)->x)
#define chacha20_crypt(state, to, from, len)	chacha20_crypt((state)->x, to, from, len)
#endif

#endif /* _QRNG_COMPAT_CRYPTO_CHACHA_H */
