// SPDX-License-Identifier: MIT
#include "access_log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "log.h"
#include "steady.h"
#include "worker.h"

/* What is kept of a method and of a path; the rest is cut off. */
#define METHOD_MAX 16
#define SHOWN_MAX  256

/* An address, or "unix". */
#define CLIENT_MAX INET6_ADDRSTRLEN

/* All of a line, with everything in it escaped. */
#define ENTRY_MAX 2048

/** struct entry - what a line tells */
struct entry {
	char client[CLIENT_MAX];
	h2o_iovec_t method;
	h2o_iovec_t path;
	const char *protocol;
	int status;
	uint64_t bytes;
	double seconds;
	struct timeval at;
};

int qrngd_access_log_open(const char *path)
{
	int fd;

	if (!path)
		return -1;
	if (strcmp(path, "-") == 0)
		return STDERR_FILENO;
	/* A pipe that nobody reads, or a disk that hangs, must not hang who answers. */
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640);
	if (fd >= 0)
		return fd;
	qrngd_log("access-log %s: %s", path, strerror(errno));
	return -2;
}

void qrngd_access_log_close(int fd)
{
	if (fd > STDERR_FILENO)
		close(fd);
}

static void find_client(const struct qrngd_setup *setup, h2o_req_t *req,
			char client[CLIENT_MAX])
{
	uint8_t address[QRNGD_CLIENT_ADDRESS];
	const struct in6_addr *ipv6 = (const struct in6_addr *)address;

	if (!qrngd_proxy_client(&setup->proxies, req, address))
		snprintf(client, CLIENT_MAX, "unix");
	else if (IN6_IS_ADDR_V4MAPPED(ipv6))
		inet_ntop(AF_INET, address + 12, client, CLIENT_MAX);
	else
		inet_ntop(AF_INET6, address, client, CLIENT_MAX);
}

static h2o_iovec_t cut(h2o_iovec_t text, size_t max)
{
	return h2o_iovec_init(text.base, text.len < max ? text.len : max);
}

/* In a target with a scheme there may be a password. */
static h2o_iovec_t path_of(const h2o_req_t *req)
{
	const char *query = memchr(req->path.base, '?', req->path.len);
	size_t len = query ? (size_t)(query - req->path.base) : req->path.len;

	if (!len || req->path.base[0] != '/')
		return h2o_iovec_init("-", 1);
	return cut(h2o_iovec_init(req->path.base, len), SHOWN_MAX);
}

static const char *protocol_of(const h2o_req_t *req)
{
	if (req->version >= 0x200)
		return req->version >= 0x300 ? "HTTP/3" : "HTTP/2";
	return req->version == 0x100 ? "HTTP/1.0" : "HTTP/1.1";
}

static void fill(struct entry *entry, const struct qrngd_setup *setup, h2o_req_t *req)
{
	const struct timeval *begun = &req->timestamps.request_begin_at;
	struct timeval ended;

	qrngd_wall_time(&entry->at);
	qrngd_stamp_time(&ended);
	find_client(setup, req, entry->client);
	entry->method = cut(req->method, METHOD_MAX);
	entry->path = path_of(req);
	entry->protocol = protocol_of(req);
	entry->status = req->res.status;
	entry->bytes = req->bytes_sent;
	entry->seconds = (double)(ended.tv_sec - begun->tv_sec) +
			 (double)(ended.tv_usec - begun->tv_usec) / 1e6;
	if (entry->seconds < 0 || !begun->tv_sec)
		entry->seconds = 0;
}

static size_t write_json(char *line, const struct entry *entry)
{
	struct qrngd_json json = { .text = line, .size = ENTRY_MAX };
	char text[32];

	qrngd_json_open(&json, NULL, '{');
	qrngd_log_time(&entry->at, text);
	qrngd_json_word(&json, "time", text);
	qrngd_json_word(&json, "client", entry->client);
	qrngd_json_string(&json, "method", entry->method.base, entry->method.len);
	qrngd_json_string(&json, "path", entry->path.base, entry->path.len);
	qrngd_json_word(&json, "protocol", entry->protocol);
	qrngd_json_number(&json, "status", (uint64_t)entry->status);
	qrngd_json_number(&json, "bytes", entry->bytes);
	snprintf(text, sizeof(text), "%.6f", entry->seconds);
	qrngd_json_plain(&json, "seconds", text);
	qrngd_json_close(&json, '}');
	return json.full ? 0 : json.len;
}

static size_t put_escaped(char *to, h2o_iovec_t text)
{
	size_t i, len = 0;

	for (i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.base[i];

		if (byte > ' ' && byte < 0x7f && byte != '"' && byte != '\\')
			to[len++] = (char)byte;
		else
			len += (size_t)sprintf(to + len, "\\x%02x", byte);
	}
	to[len] = '\0';
	return len;
}

/* The Common Log Format, which every tool reads, with the seconds behind it. */
static size_t write_text(char *line, const struct entry *entry)
{
	char method[4 * METHOD_MAX + 1], path[4 * SHOWN_MAX + 1], date[32];
	struct tm parts;

	put_escaped(method, entry->method);
	put_escaped(path, entry->path);
	gmtime_r(&entry->at.tv_sec, &parts);
	strftime(date, sizeof(date), "%d/%b/%Y:%H:%M:%S +0000", &parts);
	return (size_t)snprintf(line, ENTRY_MAX, "%.64s - - [%s] \"%s %s %s\" %d %llu %.6f",
				entry->client, date, method, path, entry->protocol, entry->status,
				(unsigned long long)entry->bytes, entry->seconds);
}

static void on_end(h2o_logger_t *self, h2o_req_t *req)
{
	const struct qrngd_setup *setup = qrngd_worker_of(req)->setup;
	char line[ENTRY_MAX + 1];
	struct entry entry;
	size_t len;

	(void)self;
	if (setup->access_log < 0)
		return;
	fill(&entry, setup, req);
	len = setup->options.log_format == QRNGD_LOG_JSON ? write_json(line, &entry) :
							    write_text(line, &entry);
	line[len++] = '\n';
	qrngd_log_line(setup->access_log, line, len);
}

void qrngd_access_log_register(h2o_pathconf_t *path)
{
	h2o_logger_t *logger = h2o_create_logger(path, sizeof(*logger));

	logger->log_access = on_end;
}
