/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_NETLINK_H
#define _QRNG_NETLINK_H

struct genl_family;

extern struct genl_family qrng_netlink_family;

int qrng_netlink_register(void);
void qrng_netlink_unregister(void);

#endif /* _QRNG_NETLINK_H */
