// SPDX-License-Identifier: MIT
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

static const char *parse_unix(const char *path, struct sockaddr_storage *address, socklen_t *len)
{
	struct sockaddr_un *un = (struct sockaddr_un *)address;

	_Static_assert(sizeof(un->sun_path) == 108, "the message below says how long it may be");
	if (!*path || strlen(path) >= sizeof(un->sun_path))
		return "a path of 1 to 107 bytes is needed";
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, strlen(path) + 1);
	*len = sizeof(*un);
	return NULL;
}

static bool parse_port(const char *text, in_port_t *port)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long value = strtoul(text, NULL, 10);

	if (!digits || digits > 5 || text[digits] || value > 65535)
		return false;
	*port = htons((in_port_t)value);
	return true;
}

/* Splits at the last colon, since an IPv6 address is full of them. */
static bool split(const char *text, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(text, ':');
	size_t len;

	if (!colon)
		return false;
	len = (size_t)(colon - text);
	if (len >= size)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	*port = colon + 1;
	return true;
}

/* Return: where the port belongs, or NULL if @host is no address in brackets */
static in_port_t *parse_ipv6(char *host, struct sockaddr_storage *address, socklen_t *address_len)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;
	size_t len = strlen(host);

	if (host[len - 1] != ']')
		return NULL;
	host[len - 1] = '\0';
	in6->sin6_family = AF_INET6;
	*address_len = sizeof(*in6);
	return inet_pton(AF_INET6, host + 1, &in6->sin6_addr) == 1 ? &in6->sin6_port : NULL;
}

/* Return: where the port belongs, or NULL if @host is no address */
static in_port_t *parse_ipv4(const char *host, struct sockaddr_storage *address,
			     socklen_t *address_len)
{
	struct sockaddr_in *in = (struct sockaddr_in *)address;

	in->sin_family = AF_INET;
	*address_len = sizeof(*in);
	return inet_pton(AF_INET, host, &in->sin_addr) == 1 ? &in->sin_port : NULL;
}

const char *qrngd_address_parse(const char *text, struct sockaddr_storage *address, socklen_t *len)
{
	char host[INET6_ADDRSTRLEN + 2];
	in_port_t *number = NULL;
	const char *port;

	memset(address, 0, sizeof(*address));
	if (strncmp(text, QRNGD_UNIX_PREFIX, sizeof(QRNGD_UNIX_PREFIX) - 1) == 0)
		return parse_unix(text + sizeof(QRNGD_UNIX_PREFIX) - 1, address, len);
	if (split(text, host, sizeof(host), &port))
		number = host[0] == '[' ? parse_ipv6(host, address, len) :
					  parse_ipv4(host, address, len);
	if (!number)
		return "127.0.0.1:8080, [::1]:8080 or unix:PATH is needed";
	return parse_port(port, number) ? NULL : "a port from 0 to 65535 is needed";
}

void qrngd_address_text(const struct sockaddr_storage *address, char text[QRNGD_ADDRESS_TEXT_MAX])
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
	const struct sockaddr_un *un = (const struct sockaddr_un *)address;
	char host[INET6_ADDRSTRLEN];

	switch (address->ss_family) {
	case AF_INET:
		inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
		snprintf(text, QRNGD_ADDRESS_TEXT_MAX, "%s:%u", host, ntohs(in->sin_port));
		break;
	case AF_INET6:
		inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
		snprintf(text, QRNGD_ADDRESS_TEXT_MAX, "[%s]:%u", host, ntohs(in6->sin6_port));
		break;
	default:
		snprintf(text, QRNGD_ADDRESS_TEXT_MAX, QRNGD_UNIX_PREFIX "%s", un->sun_path);
	}
}

bool qrngd_address_is_loopback(const struct sockaddr_storage *address)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;

	if (address->ss_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return address->ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}
