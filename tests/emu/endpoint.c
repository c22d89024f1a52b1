// SPDX-License-Identifier: MIT
#include "endpoint.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool is_left_over(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool refused;

	if (fd < 0)
		return false;
	/* refused: it is a socket, and nobody listens */
	refused = connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 &&
		  errno == ECONNREFUSED;
	close(fd);
	return refused;
}

static bool bind_path(int fd, const struct sockaddr_un *address)
{
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
		return true;
	if (errno != EADDRINUSE)
		return false;
	if (!is_left_over(address)) {
		errno = EADDRINUSE;
		return false;
	}
	unlink(address->sun_path);
	return bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
}

const char *endpoint_open(struct endpoint *endpoint, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int error;

	if (!*path || strlen(path) >= sizeof(address.sun_path))
		return "a path of 1 to 107 bytes is allowed";
	memcpy(address.sun_path, path, strlen(path) + 1);
	endpoint->path = path;
	endpoint->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (endpoint->fd < 0)
		return strerror(errno);
	if (!bind_path(endpoint->fd, &address))
		goto err_close;
	if (listen(endpoint->fd, 8) < 0)
		goto err_unlink;
	return NULL;

err_unlink:
	error = errno;
	unlink(path);
	errno = error;
err_close:
	error = errno;
	close(endpoint->fd);
	endpoint->fd = -1;
	return strerror(error);
}

int endpoint_accept(const struct endpoint *endpoint)
{
	return accept4(endpoint->fd, NULL, NULL, SOCK_CLOEXEC);
}

void endpoint_close(struct endpoint *endpoint)
{
	if (endpoint->fd < 0)
		return;
	close(endpoint->fd);
	unlink(endpoint->path);
	endpoint->fd = -1;
}
