/* SPDX-License-Identifier: MIT */
#ifndef _QRNG_NETLINK_FAMILY_H
#define _QRNG_NETLINK_FAMILY_H

#include <stdbool.h>
#include <stdint.h>
#include <libmnl/libmnl.h>

/**
 * struct family - what the kernel's controller says of a generic-netlink family
 * @is_qrng: it has our name
 * @id: its number, a new one each time the module is loaded
 * @events: the number of its group for events, 0: it has none
 */
struct family {
	bool is_qrng;
	uint16_t id;
	uint32_t events;
};

const char *family_parse(const struct nlmsghdr *nlh, struct family *family);

#endif /* _QRNG_NETLINK_FAMILY_H */
