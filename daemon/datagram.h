/* SPDX-License-Identifier: MIT */
/* Bound UDP sockets, on which QUIC is spoken. */
#ifndef QRNGD_DATAGRAM_H
#define QRNGD_DATAGRAM_H

#include <stdbool.h>
#include <sys/socket.h>

/**
 * qrngd_datagram_bind() - make a UDP socket on an address
 * @address: of IPv4 or IPv6, with its port
 * @len: bytes of it
 * @first: of its siblings on this address, among which the kernel shares clients out; a
 *	socket of another process on it is an error
 *
 * What is received tells the local address and the congestion marks, too.
 *
 * Return: a file descriptor, or -1 with errno.
 */
int qrngd_datagram_bind(const struct sockaddr_storage *address, socklen_t len, bool first);

#endif /* QRNGD_DATAGRAM_H */
