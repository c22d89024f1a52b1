// SPDX-License-Identifier: MIT
#include "datagram.h"

#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

/**
 * struct wish - an option of a socket
 * @family: of the sockets that know it
 * @level: where it is
 * @name: the option, to be switched on
 */
struct wish {
	int family;
	int level;
	int name;
};

/* From many addresses of this machine an answer must come from the one that was asked. */
static const struct wish wishes[] = {
	{ AF_INET, IPPROTO_IP, IP_PKTINFO },
	{ AF_INET, IPPROTO_IP, IP_RECVTOS },
	{ AF_INET6, IPPROTO_IPV6, IPV6_V6ONLY },
	{ AF_INET6, IPPROTO_IPV6, IPV6_RECVPKTINFO },
	{ AF_INET6, IPPROTO_IPV6, IPV6_RECVTCLASS },
};

static int switch_on(int fd, int level, int name)
{
	int on = 1;

	return setsockopt(fd, level, name, &on, sizeof(on));
}

static int set_wishes(int fd, int family)
{
	size_t i;

	for (i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		if (wishes[i].family == family &&
		    switch_on(fd, wishes[i].level, wishes[i].name) != 0)
			return -1;
	return 0;
}

/*
 * SO_REUSEADDR would let a stranger in beside us: UDP knows no state in which an address
 * is left over. SO_REUSEPORT is for siblings, as with TCP.
 */
int qrngd_datagram_bind(const struct sockaddr_storage *address, socklen_t len, bool first)
{
	int fd = socket(address->ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return -1;
	if (set_wishes(fd, address->ss_family) != 0)
		goto err_socket;
	if (!first && switch_on(fd, SOL_SOCKET, SO_REUSEPORT) != 0)
		goto err_socket;
	if (bind(fd, (const struct sockaddr *)address, len) != 0)
		goto err_socket;
	if (switch_on(fd, SOL_SOCKET, SO_REUSEPORT) != 0)
		goto err_socket;
	return fd;

err_socket:
	err = errno;
	close(fd);
	errno = err;
	return -1;
}
