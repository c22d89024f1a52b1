/* SPDX-License-Identifier: MIT */
/*
 * A path in the file system where AF_UNIX stream connections are taken.
 */
#ifndef EMU_ENDPOINT_H
#define EMU_ENDPOINT_H

struct endpoint {
	int fd; /* -1: not open */
	const char *path;
};

/*
 * Listens at @path, which must outlive the endpoint. A socket left over by a process that
 * has died is replaced, anything else at @path is left alone.
 * Returns NULL, or what was wrong; then there is nothing to close.
 */
const char *endpoint_open(struct endpoint *endpoint, const char *path);

/* Returns a new connection, or -1 if there is none any more. */
int endpoint_accept(const struct endpoint *endpoint);

/* Stops listening and removes the path. */
void endpoint_close(struct endpoint *endpoint);

#endif
