/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_NET_GENETLINK_H
#define _QRNG_COMPAT_NET_GENETLINK_H

#include <linux/version.h>
#include_next <net/genetlink.h>

/* 6.2 splits operations; until then the hooks around a handler get the whole. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define genl_split_ops genl_ops
#endif

/* 6.1 can point at an attribute that is missing; earlier there is only the text. */
#ifndef NL_SET_ERR_ATTR_MISS
#define NL_SET_ERR_ATTR_MISS(extack, nest, type)                                               \
	do {                                                                                   \
		(void)(extack);                                                                \
		(void)(nest);                                                                  \
		(void)(type);                                                                  \
	} while (0)
#endif

#endif /* _QRNG_COMPAT_NET_GENETLINK_H */
