// SPDX-License-Identifier: MIT
/* Does the daemon run, and does it answer? */
#include <ini.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "doctor.h"
#include "root.h"

#define CHECK	  "daemon"
#define CONF	  "/etc/qrng/qrngd.conf"
#define FALLBACK  "127.0.0.1:8080"
#define PATIENCE  3 /* seconds */

static int listen_of(void *data, const char *section, const char *name, const char *value)
{
	char *address = data;

	if (!address[0] && !strcmp(section, "server") && !strcmp(name, "listen"))
		snprintf(address, ROOT_LINE_MAX, "%s", value);
	return 1;
}

/* Where the daemon listens first, as its file has it. */
static void find_address(const struct doctor *doctor, char address[ROOT_LINE_MAX])
{
	FILE *file = root_open(doctor->root, CONF);

	address[0] = '\0';
	if (file) {
		ini_parse_file(file, listen_of, address);
		fclose(file);
	}
	if (!address[0])
		memcpy(address, FALLBACK, sizeof(FALLBACK));
}

static int connect_unix(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(name.sun_path))
		return -1;
	memcpy(name.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&name, sizeof(name))) {
		close(fd);
		return -1;
	}
	return fd;
}

static int connect_tcp(const char *address)
{
	const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM,
					 .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	const char *colon = strrchr(address, ':');
	struct addrinfo *found;
	size_t skip = address[0] == '[';
	char host[ROOT_LINE_MAX];
	int fd;

	if (!colon || (size_t)(colon - address) < 2 * skip)
		return -1;
	snprintf(host, sizeof(host), "%.*s", (int)((size_t)(colon - address) - 2 * skip),
		 address + skip);
	if (getaddrinfo(host, colon + 1, &wanted, &found))
		return -1;
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen)) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

static int connect_to(const char *address)
{
	if (!strncmp(address, "unix:", 5))
		return connect_unix(address + 5);
	return connect_tcp(address);
}

/* Return: the status of /health, 0: no answer, -1: nobody there. */
static int ask(const char *address)
{
	static const char request[] = "GET /health HTTP/1.1\r\nHost: qrngctl\r\n"
				      "Connection: close\r\n\r\n";
	const struct timeval patience = { .tv_sec = PATIENCE };
	char answer[16] = "";
	int status = 0, fd = connect_to(address);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request) &&
	    recv(fd, answer, sizeof(answer) - 1, MSG_WAITALL) > 12 &&
	    !strncmp(answer, "HTTP/1.1 ", 9))
		status = (int)strtol(answer + 9, NULL, 10);
	close(fd);
	return status;
}

static void say_answer(struct doctor *doctor, const char *address, int status)
{
	if (status == 200)
		doctor_say(doctor, DOCTOR_OK, CHECK, NULL, "answers on %s", address);
	else if (status == 503)
		doctor_say(doctor, DOCTOR_PROBLEM, CHECK, "see the problems above",
			   "answers on %s that it has nothing to give", address);
	else if (status < 0)
		doctor_say(doctor, DOCTOR_PROBLEM, CHECK, "journalctl -u qrngd",
			   "runs, but nobody is at %s", address);
	else
		doctor_say(doctor, DOCTOR_PROBLEM, CHECK, "journalctl -u qrngd",
			   "what is at %s gives no answer that qrngd gives", address);
}

/** doctor_daemon() - does qrngd run, and answer where its file says? */
void doctor_daemon(struct doctor *doctor)
{
	char address[ROOT_LINE_MAX];

	if (!root_runs(doctor->root, "qrngd")) {
		if (root_has(doctor->root, "/usr/sbin/qrngd"))
			doctor_say(doctor, DOCTOR_PROBLEM, CHECK,
				   "systemctl restart qrngd; journalctl -u qrngd",
				   "installed, but does not run");
		return;
	}
	find_address(doctor, address);
	say_answer(doctor, address, ask(address));
}
