/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_LINUX_FS_H
#define _QRNG_COMPAT_LINUX_FS_H

#include <linux/version.h>
#include_next <linux/fs.h>

/* 6.5 split reading through the page cache from copying. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define copy_splice_read generic_file_splice_read
#endif

#endif /* _QRNG_COMPAT_LINUX_FS_H */
