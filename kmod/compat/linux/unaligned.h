/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_LINUX_UNALIGNED_H
#define _QRNG_COMPAT_LINUX_UNALIGNED_H

#include <linux/version.h>

/* 6.12 moved the header. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#include <asm/unaligned.h>
#else
#include_next <linux/unaligned.h>
#endif

#endif /* _QRNG_COMPAT_LINUX_UNALIGNED_H */
