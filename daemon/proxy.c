// SPDX-License-Identifier: MIT
#include "proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "head.h"

#define MAPPED_BITS 96
#define UNIX	    "unix"

static const char forwarded_for[] = "x-forwarded-for";
static const char forwarded[] = "forwarded";

static void map(uint8_t address[QRNGD_CLIENT_ADDRESS], const struct in_addr *ipv4)
{
	memset(address, 0, 10);
	memset(address + 10, 0xff, 2);
	memcpy(address + 12, ipv4, 4);
}

/* Return: how many bits the address has as it was written, 0 if it is none. */
static unsigned int read_address(const char *text, uint8_t address[QRNGD_CLIENT_ADDRESS])
{
	struct in_addr ipv4;

	if (inet_pton(AF_INET, text, &ipv4) == 1) {
		map(address, &ipv4);
		return 32;
	}
	return inet_pton(AF_INET6, text, address) == 1 ? 128 : 0;
}

static bool is_bit_set(const uint8_t *address, unsigned int bit)
{
	return address[bit / 8] & (0x80 >> bit % 8);
}

/* Return: false for text that is none, or has bits behind those that count. */
static bool read_network(const char *text, struct qrngd_network *network)
{
	size_t host_len = strcspn(text, "/");
	const char *length = text[host_len] ? text + host_len + 1 : NULL;
	char host[INET6_ADDRSTRLEN];
	unsigned int bits, i;

	if (host_len >= sizeof(host))
		return false;
	memcpy(host, text, host_len);
	host[host_len] = '\0';
	bits = read_address(host, network->address);
	if (!bits || (length && (!*length || strlen(length) > 3 ||
				 length[strspn(length, "0123456789")] ||
				 strtoul(length, NULL, 10) > bits)))
		return false;
	network->bits = 128 - bits + (length ? (unsigned int)strtoul(length, NULL, 10) : bits);
	for (i = network->bits; i < 128; i++)
		if (is_bit_set(network->address, i))
			return false;
	return true;
}

const char *qrngd_proxy_check(const char *text)
{
	struct qrngd_network network;

	if (strcmp(text, UNIX) == 0 || read_network(text, &network))
		return NULL;
	return "192.0.2.7, 10.0.0.0/8, 2001:db8::/32 or unix is needed, with no bit behind its "
	       "length";
}

void qrngd_proxy_read(struct qrngd_proxies *proxies, const struct qrngd_texts *texts)
{
	unsigned int i;

	*proxies = (struct qrngd_proxies){ 0 };
	for (i = 0; i < texts->count; i++) {
		if (strcmp(texts->items[i], UNIX) == 0)
			proxies->unix_sockets = true;
		else
			proxies->count += read_network(texts->items[i],
						       &proxies->networks[proxies->count]);
	}
}

static bool is_in(const struct qrngd_network *network, const uint8_t *address)
{
	unsigned int bytes = network->bits / 8, rest = network->bits % 8;

	return memcmp(network->address, address, bytes) == 0 &&
	       (!rest || !((network->address[bytes] ^ address[bytes]) & (0xff00 >> rest) & 0xff));
}

static bool is_trusted(const struct qrngd_proxies *proxies, const uint8_t *address)
{
	unsigned int i;

	for (i = 0; i < proxies->count; i++)
		if (is_in(&proxies->networks[i], address))
			return true;
	return false;
}

/** struct hops - the field from its end, which the nearest proxy has written, to its front */
struct hops {
	const h2o_req_t *req;
	const char *name;
	size_t index;
	h2o_iovec_t rest;
};

static bool find_field(struct hops *hops)
{
	while (hops->index) {
		const h2o_header_t *header = &hops->req->headers.entries[--hops->index];

		if (!h2o_lcstris(header->name->base, header->name->len, hops->name,
				 strlen(hops->name)))
			continue;
		hops->rest = header->value;
		return true;
	}
	return false;
}

static bool previous_hop(struct hops *hops, h2o_iovec_t *hop)
{
	const char *comma;

	if (!hops->rest.base && !find_field(hops))
		return false;
	*hop = hops->rest;
	comma = memrchr(hop->base, ',', hop->len);
	hops->rest = h2o_iovec_init(comma ? hop->base : NULL,
				    comma ? (size_t)(comma - hop->base) : 0);
	if (comma)
		*hop = h2o_iovec_init(comma + 1, hop->len - hops->rest.len - 1);
	return true;
}

static h2o_iovec_t trim(h2o_iovec_t text)
{
	for (; text.len && (*text.base == ' ' || *text.base == '\t'); text.len--)
		text.base++;
	while (text.len && (text.base[text.len - 1] == ' ' || text.base[text.len - 1] == '\t'))
		text.len--;
	return text;
}

/* RFC 7239, 4: pairs with semicolons between them. Return: the value of "for", or nothing. */
static h2o_iovec_t find_for(h2o_iovec_t hop)
{
	while (hop.base) {
		const char *end = memchr(hop.base, ';', hop.len);
		size_t len = end ? (size_t)(end - hop.base) : hop.len;
		h2o_iovec_t pair = trim(h2o_iovec_init(hop.base, len));

		if (pair.len > 4 && strncasecmp(pair.base, "for=", 4) == 0)
			return h2o_iovec_init(pair.base + 4, pair.len - 4);
		hop = h2o_iovec_init(end ? end + 1 : NULL, end ? hop.len - len - 1 : 0);
	}
	return hop;
}

static h2o_iovec_t unquote(h2o_iovec_t text)
{
	if (text.len < 2 || text.base[0] != '"' || text.base[text.len - 1] != '"')
		return text;
	return h2o_iovec_init(text.base + 1, text.len - 2);
}

/* "192.0.2.7", "192.0.2.7:80", "2001:db8::1", "[2001:db8::1]" and "[2001:db8::1]:80" */
static bool read_node(h2o_iovec_t node, uint8_t address[QRNGD_CLIENT_ADDRESS])
{
	bool bracket = node.len && node.base[0] == '[';
	char text[INET6_ADDRSTRLEN + 8], *host = text + bracket, *colon;

	if (!node.len || node.len >= sizeof(text))
		return false;
	memcpy(text, node.base, node.len);
	text[node.len] = '\0';
	colon = strchr(host, ':');
	if (bracket)
		host[strcspn(host, "]")] = '\0';
	else if (colon && !strchr(colon + 1, ':'))
		*colon = '\0';
	return read_address(host, address);
}

static bool read_hop(const struct hops *hops, h2o_iovec_t hop,
		     uint8_t address[QRNGD_CLIENT_ADDRESS])
{
	hop = trim(hop);
	if (hops->name == forwarded)
		hop = unquote(find_for(hop));
	return read_node(hop, address);
}

/* What cannot be read ends the way back: the last proxy that is known is who asks. */
static bool follow(const struct qrngd_proxies *proxies, h2o_req_t *req,
		   uint8_t address[QRNGD_CLIENT_ADDRESS])
{
	struct hops hops = { .req = req, .index = req->headers.size };
	uint8_t next[QRNGD_CLIENT_ADDRESS];
	bool found = false, trusted = true;
	h2o_iovec_t hop;

	if (!qrngd_head_field(req, forwarded_for).base == !qrngd_head_field(req, forwarded).base)
		return false;
	hops.name = qrngd_head_field(req, forwarded).base ? forwarded : forwarded_for;
	while (trusted && previous_hop(&hops, &hop) && read_hop(&hops, hop, next)) {
		memcpy(address, next, sizeof(next));
		trusted = is_trusted(proxies, address);
		found = true;
	}
	return found;
}

bool qrngd_proxy_client(const struct qrngd_proxies *proxies, h2o_req_t *req,
			uint8_t address[QRNGD_CLIENT_ADDRESS])
{
	struct sockaddr_storage peer = { .ss_family = AF_UNSPEC };
	const struct sockaddr_in *in = (const struct sockaddr_in *)&peer;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&peer;

	if (req->conn->callbacks->get_peername(req->conn, (struct sockaddr *)&peer) == 0)
		return false;
	if (peer.ss_family == AF_INET)
		map(address, &in->sin_addr);
	else if (peer.ss_family == AF_INET6)
		memcpy(address, &in6->sin6_addr, QRNGD_CLIENT_ADDRESS);
	else
		return peer.ss_family == AF_UNIX && proxies->unix_sockets &&
		       follow(proxies, req, address);
	if (is_trusted(proxies, address))
		follow(proxies, req, address);
	return true;
}
