/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_LINUX_MM_H
#define _QRNG_COMPAT_LINUX_MM_H

#include <linux/version.h>
#include_next <linux/mm.h>

/* 6.3 has the flags of a mapping changed by functions only. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_mod(struct vm_area_struct *vma, unsigned long set, unsigned long clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}
#endif

#endif /* _QRNG_COMPAT_LINUX_MM_H */
