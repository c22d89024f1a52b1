/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_LINUX_RANDOM_H
#define _QRNG_COMPAT_LINUX_RANDOM_H

#include <linux/version.h>
#include_next <linux/random.h>

/* Up to 5.17 the kernel did not learn of copies of the machine; nobody calls then. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 18, 0)
struct notifier_block;

static inline int register_random_vmfork_notifier(struct notifier_block *nb)
{
	return 0;
}

static inline int unregister_random_vmfork_notifier(struct notifier_block *nb)
{
	return 0;
}
#endif

#endif /* _QRNG_COMPAT_LINUX_RANDOM_H */
