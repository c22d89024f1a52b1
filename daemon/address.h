/* SPDX-License-Identifier: MIT */
/* Where one can listen, as people write it. */
#ifndef QRNGD_ADDRESS_H
#define QRNGD_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#define QRNGD_UNIX_PREFIX "unix:"

/**
 * qrngd_address_parse() - read an address
 * @text: "ADDR:PORT", "[ADDR]:PORT" or "unix:PATH"
 * @address: filled in, as the kernel wants it
 * @len: bytes of @address that count
 *
 * Return: NULL, or what is needed instead, a clause for people.
 */
const char *qrngd_address_parse(const char *text, struct sockaddr_storage *address,
				socklen_t *len);

/* Enough for any address. */
#define QRNGD_ADDRESS_TEXT_MAX 128

/**
 * qrngd_address_text() - write an address as qrngd_address_parse() reads it
 * @address: the address
 * @text: filled in
 */
void qrngd_address_text(const struct sockaddr_storage *address,
			char text[QRNGD_ADDRESS_TEXT_MAX]);

/** qrngd_address_is_loopback() - is it this machine's, whatever its network? */
bool qrngd_address_is_loopback(const struct sockaddr_storage *address);

#endif /* QRNGD_ADDRESS_H */
