// SPDX-License-Identifier: MIT
#include "head.h"

#include <stdbool.h>
#include <string.h>

#define STATUS_BAD_REQUEST 400
#define STATUS_TOO_LARGE   431

static bool begins_with(const char *text, size_t len, const char *start)
{
	return len >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

/*
 * Return: where the head lies as it came, or NULL. A request with a body is in copies,
 * whose method ends with a NUL instead of the blank that followed it; one by HTTP/2 has
 * no lines.
 */
static const char *raw_head(const h2o_req_t *req)
{
	const h2o_iovec_t *method = &req->input.method;

	return req->version < 0x200 && method->base[method->len] == ' ' ? method->base : NULL;
}

/*
 * The library has parsed the head, so its end is there; names are in lower case since.
 * Return: NULL, or what is wrong with the lines.
 */
static const char *check_lines(const char *line, unsigned int *hosts, size_t *len)
{
	const char *head = line, *end;

	for (;; line = end + 1) {
		end = rawmemchr(line, '\n');
		*len = (size_t)(end - head);
		if (end == line || end[-1] != '\r')
			return "a line of the head does not end with CR and LF";
		if (end == line + 1)
			return NULL;
		if (*line == ' ' || *line == '\t')
			return "a line of the head is folded";
		*hosts += begins_with(line, (size_t)(end - line), "host:");
	}
}

static bool is_absolute(h2o_iovec_t target)
{
	return begins_with(target.base, target.len, "http://") ||
	       begins_with(target.base, target.len, "https://");
}

static const char *check_target(const h2o_req_t *req)
{
	h2o_iovec_t target = req->input.path;

	if (target.len && target.base[0] == '/')
		return NULL;
	return is_absolute(target) ? NULL : "the target of the request does not begin with /";
}

const char *qrngd_head_fault(const h2o_req_t *req, int *status)
{
	unsigned int hosts = req->input.authority.base != NULL;
	const char *head = raw_head(req), *fault = NULL;
	size_t len = 0;

	*status = STATUS_BAD_REQUEST;
	if (head) {
		hosts = 0;
		fault = check_lines(head, &hosts, &len);
	}
	if (fault)
		return fault;
	if (len > QRNGD_HEAD_MAX) {
		*status = STATUS_TOO_LARGE;
		return "the head of the request is longer than 32768 bytes";
	}
	if (hosts > 1)
		return "Host is given more than once";
	if (!hosts && req->version == 0x101)
		return "HTTP/1.1 needs the header Host";
	return check_target(req);
}

h2o_iovec_t qrngd_head_field(const h2o_req_t *req, const char *name)
{
	ssize_t at = h2o_find_header_by_str(&req->headers, name, strlen(name), -1);

	return at < 0 ? h2o_iovec_init(NULL, 0) : req->headers.entries[at].value;
}

void qrngd_head_strip(h2o_req_t *req)
{
	h2o_iovec_t *path = &req->path;
	const char *authority, *rest;

	if (!is_absolute(*path))
		return;
	authority = (const char *)memchr(path->base, '/', path->len) + 2;
	rest = memchr(authority, '/', path->len - (size_t)(authority - path->base));
	if (rest)
		*path = h2o_iovec_init(rest, path->len - (size_t)(rest - path->base));
	else
		*path = h2o_iovec_init("/", 1);
	qrngd_h2o_normalize_path(req);
}
