/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_LINUX_UIO_H
#define _QRNG_COMPAT_LINUX_UIO_H

#include <linux/version.h>
#include_next <linux/uio.h>

/* 6.0 added a second kind of iterator over a process's own memory. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 0, 0)
#define user_backed_iter iter_is_iovec
#endif

#endif /* _QRNG_COMPAT_LINUX_UIO_H */
