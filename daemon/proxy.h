/* SPDX-License-Identifier: MIT */
/*
 * Who asks when a proxy stands before us: the proxies that are trusted say so, and nobody
 * else is believed.
 */
#ifndef QRNGD_PROXY_H
#define QRNGD_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "h2o_compat.h"
#include "options.h"

/* IPv4 is written as IPv6 has it, ::ffff:a.b.c.d. */
#define QRNGD_CLIENT_ADDRESS 16

/**
 * struct qrngd_proxies - who may say for whom it asks
 * @unix_sockets: whoever comes over a unix socket
 * @count: how many there are of
 * @networks: others, by the bits at the front that their addresses have in common
 */
struct qrngd_proxies {
	bool unix_sockets;
	unsigned int count;
	struct qrngd_network {
		uint8_t address[QRNGD_CLIENT_ADDRESS];
		unsigned int bits;
	} networks[QRNGD_TEXTS_MAX];
};

/**
 * qrngd_proxy_check() - is this a network of proxies, as people write it?
 * @text: "192.0.2.7", "10.0.0.0/8", "2001:db8::/32" or "unix"
 *
 * Return: NULL, or what is needed instead, a clause for people.
 */
const char *qrngd_proxy_check(const char *text);

/**
 * qrngd_proxy_read() - take the setting
 * @proxies: filled in
 * @texts: checked ones
 */
void qrngd_proxy_read(struct qrngd_proxies *proxies, const struct qrngd_texts *texts);

/**
 * qrngd_proxy_client() - whose request is this?
 * @proxies: who is trusted
 * @req: the request
 * @address: filled in
 *
 * That of the connection, unless it is a trusted proxy's: then the last one in
 * X-Forwarded-For or Forwarded (RFC 7239) that is none. A request that has both of these
 * fields is the proxy's own, as one of them may be its client's.
 *
 * Return: false for one that has no address, as over a unix socket.
 */
bool qrngd_proxy_client(const struct qrngd_proxies *proxies, h2o_req_t *req,
			uint8_t address[QRNGD_CLIENT_ADDRESS]);

#endif /* QRNGD_PROXY_H */
