/* SPDX-License-Identifier: MIT */
/* Netlink messages as the kernel would send them, in buffers a test can spoil. */
#ifndef _QRNG_TESTS_MESSAGE_H
#define _QRNG_TESTS_MESSAGE_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#define MESSAGE_MAX	4096
#define MESSAGE_SEQ	77
#define MESSAGE_PORT	4711
#define MESSAGE_FAMILY	0x1c

struct message {
	_Alignas(struct nlmsghdr) char bytes[MESSAGE_MAX];
};

static inline struct nlmsghdr *message_begin(struct message *message, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh;

	memset(message, 0, sizeof(*message));
	nlh = mnl_nlmsg_put_header(message->bytes);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = MESSAGE_SEQ;
	nlh->nlmsg_pid = MESSAGE_PORT;
	return nlh;
}

static inline struct nlmsghdr *message_answer(struct message *message, uint16_t flags)
{
	struct nlmsghdr *nlh = message_begin(message, MESSAGE_FAMILY, flags);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	return nlh;
}

/*
 * A copy without a byte to spare: the sanitizer sees who reads behind its end. But
 * libmnl always reads whole words, which every real buffer holds.
 */
static inline void *message_copy(const struct nlmsghdr *nlh, size_t len)
{
	return memcpy(malloc(MNL_ALIGN(len)), nlh, MNL_ALIGN(len));
}

#endif /* _QRNG_TESTS_MESSAGE_H */
